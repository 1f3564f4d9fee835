"""A question's way: heard, taken in before it is acknowledged, worked on, answered once."""
