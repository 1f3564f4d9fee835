"""`quarry slack`: what is missing is told with its remedy; the manifest can be pasted."""

import json
from pathlib import Path

import pytest

from assistant.slack.manifest import EVENTS, SCOPES
from tests.assistant.conftest import Quarry
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, LoopbackSlack

BOT, APP = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"


@pytest.fixture(autouse=True)
def _no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (BOT, APP):
        monkeypatch.delenv(name, raising=False)


def test_without_tokens_it_says_where_they_are(quarry: Quarry, shop: Path) -> None:
    done = quarry("slack", "--workspace", str(shop))
    assert done.code == 3
    assert "SLACK_BOT_TOKEN is not set; copy it from the app's page" in done.sentence()


def test_a_token_in_the_others_place_is_noticed(
    quarry: Quarry, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BOT, "xapp-1")
    monkeypatch.setenv(APP, "xapp-1")
    assert "has to begin with xoxb-" in quarry("slack", "run", "--workspace", str(shop)).sentence()


def test_the_manifest_has_scopes_events_and_the_teams_questions(quarry: Quarry, shop: Path) -> None:
    made = json.loads(quarry("slack", "manifest", "--name", "Ask", "-w", str(shop)).out)
    assert made["display_information"]["name"] == "Ask"
    assert made["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert made["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert made["settings"]["socket_mode_enabled"] is True
    view = made["features"]["agent_view"]
    assert len(view["agent_description"]) <= 300
    assert [prompt["message"] for prompt in view["suggested_prompts"]] == [
        "How many customers do we have?",
        "Revenue by product category",
    ]


def test_the_audit_of_nothing_is_a_sentence(quarry: Quarry, shop: Path) -> None:
    assert quarry("slack", "audit", "-w", str(shop)).out == "Nothing was asked in Slack yet.\n"


@pytest.mark.real
@pytest.mark.parametrize(
    ("bot", "app", "told"),
    [
        (BOT_TOKEN, APP_TOKEN, "ok       slack      Loopback, as @quarry"),
        ("xoxb-other", APP_TOKEN, "PROBLEM  slack      Slack refuses the bot's token (invalid_auth)"),
        (BOT_TOKEN, "xapp-other", "PROBLEM  slack      Slack refuses the app's token (invalid_auth)"),
    ],
)
def test_doctor_checks_both_tokens(
    quarry: Quarry,
    shop: Path,
    loopback: LoopbackSlack,
    monkeypatch: pytest.MonkeyPatch,
    bot: str,
    app: str,
    told: str,
) -> None:
    monkeypatch.setenv(BOT, bot)
    monkeypatch.setenv(APP, app)
    monkeypatch.setenv("QUARRY_SLACK_API", loopback.api)
    assert told in quarry("doctor", "-w", str(shop)).out


@pytest.mark.real
def test_doctor_names_missing_scopes(
    quarry: Quarry, shop: Path, loopback: LoopbackSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.servers.slack.server.SCOPES", "chat:write")
    for name, value in ((BOT, BOT_TOKEN), (APP, APP_TOKEN), ("QUARRY_SLACK_API", loopback.api)):
        monkeypatch.setenv(name, value)
    assert "The app lacks app_mentions:read, assistant:write" in quarry("doctor", "-w", str(shop)).out


@pytest.mark.real
def test_a_slack_that_refuses_or_is_away_is_one_sentence(
    quarry: Quarry, shop: Path, loopback: LoopbackSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BOT, "xoxb-other")
    monkeypatch.setenv(APP, APP_TOKEN)
    monkeypatch.setenv("QUARRY_SLACK_API", loopback.api)
    assert "Slack refuses the bot's token" in quarry("slack", "-w", str(shop)).error
    monkeypatch.setenv(BOT, BOT_TOKEN)
    monkeypatch.setenv(APP, APP_TOKEN)
    monkeypatch.setenv("QUARRY_SLACK_API", "http://127.0.0.1:9/api/")
    assert "Slack cannot be reached" in quarry("slack", "-w", str(shop)).error
