"""The log of turns, votes, corrections and reviews, what they feed, and what they say about quality."""
