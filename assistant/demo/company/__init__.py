"""Kestrel Coffee, an invented online retailer: one module for each part of its life."""
