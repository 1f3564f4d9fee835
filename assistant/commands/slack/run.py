"""`quarry slack run`: answer in Slack until Ctrl-C."""

import os
import sys

from assistant.commands.options import WorkspaceOption
from knowledge.errors import SettingsError

BOT, APP = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"


def run(workspace: WorkspaceOption = None) -> None:
    """Answer in Slack until Ctrl-C. Several may run at once and share the questions.

    The tokens come from SLACK_BOT_TOKEN (xoxb-...) and SLACK_APP_TOKEN (xapp-...); docs/slack.md tells how to
    get them.
    """
    import asyncio
    import logging

    from assistant.slack.serve import serve
    from assistant.workspace import Workspace

    bot, app = tokens()
    for name in (BOT, APP):
        del os.environ[name]  # Bolt would warn of tokens that it is not to use
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s: %(message)s")
    with Workspace.open(workspace) as opened:
        asyncio.run(serve(opened, bot, app, lambda line: print(line, flush=True)))


def tokens() -> tuple[str, str]:
    """Of the bot and of the app. Raises SettingsError where one is missing or stands in the other's place."""
    for name, begins, where in (
        (BOT, "xoxb-", "OAuth & Permissions, Bot User OAuth Token"),
        (APP, "xapp-", "Basic Information, App-Level Tokens"),
    ):
        value = os.environ.get(name, "")
        if not value:
            raise SettingsError(
                f"{name} is not set; copy it from the app's page in Slack ({where}) and export it."
            )
        if not value.startswith(begins):
            raise SettingsError(f"{name} has to begin with {begins}; copy it from the app's page ({where}).")
    return os.environ[BOT], os.environ[APP]
