"""App Home: what one can ask, what one asked and corrected; for owners, the queue and the quality."""
