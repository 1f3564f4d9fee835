"""What an answer looks like, and its buttons."""
