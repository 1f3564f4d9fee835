"""A week in Slack in a minute or two: `python -m tests.load`."""
