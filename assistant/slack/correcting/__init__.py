"""Thumbs, and the correction that a thumb down opens."""
