"""The manifest of the app, to paste into Slack."""

from collections.abc import Sequence
from typing import Any

from assistant.slack.text import plain

SCOPES = (
    *("app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write"),
    *("files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write"),
    *("usergroups:read", "users:read"),
)
EVENTS = ("app_home_opened", "app_mention", "message.channels", "message.groups", "message.im")
SAYS = "Ask our database in plain words. A small model on our own machine writes the SQL; nothing leaves it."
PROMPTS = (
    "Revenue by month this year",
    "Top 5 products last month",
    "How many customers signed up last week?",
)


def manifest(name: str = "Quarry", questions: Sequence[str] = PROMPTS) -> dict[str, Any]:
    """`questions` are suggested to people who open the conversation; four at most."""
    prompts = [{"title": plain(q, 40), "message": plain(q, 300)} for q in (list(questions) or PROMPTS)[:4]]
    return {
        "display_information": {
            "name": plain(name, 35),
            "description": "Ask our database",
            "background_color": "#1f4e5f",
        },
        "features": {
            "agent_view": {"agent_description": SAYS, "suggested_prompts": prompts},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": plain(name, 80), "always_online": True},
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }
