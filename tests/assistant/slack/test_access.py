"""Who may ask what: people, channels, groups, tables and columns; and each click is checked again."""

import pytest

from tests.assistant.slack.conftest import ADA, BOB, SALES, Start, answer, words
from tests.servers.slack import LoopbackSlack

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    ("user", "told"),
    [
        ({"is_restricted": True}, "full members"),
        ({"is_ultra_restricted": True}, "full members"),
        ({"is_stranger": True}, "full members"),
        ({"team_id": "T9OTHER"}, "full members"),
        ({"deleted": True}, "people alone"),
    ],
)
def test_guests_and_strangers_are_refused(
    start: Start, loopback: LoopbackSlack, user: dict[str, object], told: str
) -> None:
    log = start().feedback
    loopback.users[ADA] = user
    found = answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    assert told in found["text"]
    assert log.turns.recent() == []


def test_only_the_named_channels_are_answered(start: Start, loopback: LoopbackSlack) -> None:
    start(slack_channels=("C9OTHER",))
    found = answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    assert "not set up" in found["text"]


def test_a_shared_channel_is_refused(start: Start, loopback: LoopbackSlack) -> None:
    start()
    loopback.channels[SALES] = {"is_ext_shared": True}
    found = answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    assert "shared" in found["text"]


def test_only_members_of_the_named_groups_are_answered(start: Start, loopback: LoopbackSlack) -> None:
    loopback.groups["S1"] = [BOB]
    start(slack_groups=("S1",))
    refused = answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    given = answer(loopback, SALES, loopback.mention(BOB, SALES, "revenue by order status"))
    assert "user groups" in refused["text"]
    assert "paid" in words(given["blocks"])


def test_what_a_channel_may_not_see_goes_to_the_asker_alone(start: Start, loopback: LoopbackSlack) -> None:
    start(slack_private=("orders.amount",))
    ts = loopback.mention(ADA, SALES, "revenue by order status")
    note = answer(loopback, SALES, ts)
    direct = loopback.wait(lambda: loopback.of_bot(loopback.direct(ADA)))
    assert "orders.amount may not be shown in this channel" in note["text"]
    assert "paid" not in words(loopback.of_bot(SALES))
    assert "paid" in words(direct[0]["blocks"])


def test_a_channel_that_may_see_it_does(start: Start, loopback: LoopbackSlack) -> None:
    start(slack_private=("orders",), slack_shown_in={SALES: ("orders",)})
    found = answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    assert "paid" in words(found["blocks"])


def test_a_restricted_table_answers_its_group_alone_also_on_a_click(
    start: Start, loopback: LoopbackSlack
) -> None:
    loopback.groups["S1"] = [ADA]
    log = start(slack_restricted={"orders": ("S1",)}).feedback
    refused = answer(loopback, SALES, loopback.mention(BOB, SALES, "revenue by order status"))
    given = answer(loopback, SALES, loopback.mention(ADA, SALES, "revenue by order status"))
    assert "in none of them" in refused["text"]
    assert "paid" not in words(refused["blocks"])

    loopback.click(BOB, given, "csv")

    loopback.wait(lambda: loopback.whispers)
    assert loopback.whispers[0]["user"] == BOB
    assert loopback.files == []
    assert any(entry.detail.startswith("refused") for entry in log.audit.latest())
