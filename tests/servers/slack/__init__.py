"""A loopback Slack: Web API and Socket Mode, with Slack's limits, and faults on demand."""

from tests.servers.slack.server import APP_TOKEN, BOT_TOKEN, Faults, LoopbackSlack, slack

__all__ = ["APP_TOKEN", "BOT_TOKEN", "Faults", "LoopbackSlack", "slack"]
