"""Quarry in Slack: a folder for each feature, wired in `app.py`, run by `serve.py`."""
