"""Releases: made, switched to, gone back from, and refused where a file is not the one released."""

import errno
import json
import os
import threading
from itertools import pairwise
from pathlib import Path

import pytest

from evals.releases.candidate import Candidate
from evals.releases.gate import decide
from evals.releases.history import Happened
from evals.releases.registry import Registry, Release
from evals.runs.info import RunInfo
from knowledge.errors import ModelError
from tests.evals.releases.conftest import Made
from tests.evals.releases.runs import release, run, shipping


def path_of(one: Release) -> Path:
    assert isinstance(one.model, Path)
    return one.model


def test_without_a_release_none_is_current(registry: Registry) -> None:
    assert registry.current() is None
    assert registry.releases() == ()
    assert not registry.folder.exists()


def test_a_release_holds_its_own_copies_of_model_and_pairs(registry: Registry, made: Made) -> None:
    one = made()
    first = release(registry, one)
    assert isinstance(one.model, Path)
    assert path_of(first).read_bytes() == one.model.read_bytes()
    assert first.pairs == path_of(first).with_suffix(".pairs.jsonl")
    one.model.write_bytes(b"trained anew")
    registry.verify(first)
    assert registry.current() == first


def test_the_card_tells_where_the_release_comes_from_and_what_it_scored(
    registry: Registry, made: Made
) -> None:
    one = made()
    assert isinstance(one.model, Path)
    one.model.with_suffix(".recipe.json").write_text('{"minutes": 8}')
    info = RunInfo("run-7", ("dev",), "tiny0", schema="s", database="d", seed=3, version="0.2")
    before, after = run("o" * 99 + "x", info=info), run("o" * 100, info=info)
    again = made()
    first = registry.release(again, after, decide(after, before), base="", base_run="run-6")
    card = first.card
    assert (card.name, card.model, card.base, card.run, card.base_run) == (
        "r1",
        "tiny0.gguf",
        "",
        "run-7",
        "run-6",
    )
    assert (card.schema_fingerprint, card.database_fingerprint, card.version) == ("s", "d", "0.2")
    assert card.training["recipe"] == {"minutes": 8}
    assert card.training["format"] == "specialist"
    assert (card.total.right, card.total.scored) == (100, 100)
    assert 0.96 < card.total.low < card.total.high == 1
    assert [suite.suite for suite in card.suites] == ["dev"]
    assert "1 better of 100" in card.reasons[0]


def test_a_chat_model_is_released_without_files(registry: Registry) -> None:
    first = release(registry, Candidate("openai:gpt"))
    registry.verify(first)
    assert (first.model, first.pairs, first.card.files) == ("openai:gpt", None, ())


def test_rollback_goes_back_along_the_releases_to_the_model_of_the_settings(
    registry: Registry, made: Made
) -> None:
    for seed in range(3):
        release(registry, made(seed))
    assert [one.name for one in registry.releases()] == ["r1", "r2", "r3"]
    gone_to = [registry.rollback() for _ in range(3)]
    assert [one.name if one else None for one in gone_to] == ["r2", "r1", None]
    assert registry.current() is None
    with pytest.raises(ModelError, match="Nothing was released before"):
        registry.rollback()


def test_after_a_rollback_the_next_release_stands_on_the_one_that_answers(
    registry: Registry, made: Made
) -> None:
    for seed in range(2):
        release(registry, made(seed))
    registry.rollback()
    third = release(registry, made(2))
    assert (third.name, third.card.base) == ("r3", "r1")
    back = registry.rollback()
    assert back is not None
    assert back.name == "r1"


def test_rollback_to_a_name_goes_back_or_forth(registry: Registry, made: Made) -> None:
    for seed in range(3):
        release(registry, made(seed))
    registry.rollback("r1")
    assert registry.rollback() is None
    registry.rollback("r3")
    now = registry.current()
    assert now is not None
    assert now.name == "r3"
    with pytest.raises(ModelError, match=r"no release 'r9' \(r1, r2, r3\)"):
        registry.rollback("r9")
    with pytest.raises(ModelError, match="no release"):
        registry.rollback("../lab")


def test_everything_that_happened_is_kept(registry: Registry, made: Made) -> None:
    release(registry, made(0))
    registry.turned_down(made(1), decide(run("x" * 30), run("o" * 30)), "verdict.json")
    registry.turned_down(made(2), decide(run("xo"), run("ox")))
    registry.rollback()
    told = [(event.happened, event.before, event.release, event.model) for event in registry.history()]
    assert told == [
        (Happened.RELEASED, "", "r1", "tiny0.gguf"),
        (Happened.REFUSED, "r1", "r1", "tiny1.gguf"),
        (Happened.TOO_SMALL, "r1", "r1", "tiny2.gguf"),
        (Happened.ROLLED_BACK, "r1", "", ""),
    ]
    assert registry.history()[1].verdict == "verdict.json"


def test_only_a_decision_that_ships_releases(registry: Registry, made: Made) -> None:
    bad = run("x" * 30)
    with pytest.raises(ValueError, match="refuse"):
        registry.release(made(), bad, decide(bad, run("o" * 30)), base="")
    assert registry.current() is None


def test_a_tampered_byte_is_refused(registry: Registry, made: Made) -> None:
    first = release(registry, made())
    data = bytearray(path_of(first).read_bytes())
    data[len(data) // 2] ^= 1
    path_of(first).write_bytes(data)
    with pytest.raises(ModelError, match=r"tiny0\.gguf of the release r1 was changed after it was released"):
        registry.verify(first)


def test_a_half_copied_file_is_refused(registry: Registry, made: Made) -> None:
    first = release(registry, made())
    os.truncate(path_of(first), path_of(first).stat().st_size // 2)
    with pytest.raises(ModelError, match="was cut short or changed"):
        registry.verify(first)


def test_missing_pairs_are_refused(registry: Registry, made: Made) -> None:
    first = release(registry, made())
    assert first.pairs is not None
    first.pairs.unlink()
    with pytest.raises(ModelError, match=r"tiny0\.pairs\.jsonl of the release r1 is missing"):
        registry.verify(first)


def test_a_release_scored_on_another_schema_is_refused_where_the_schema_is_given(
    registry: Registry, made: Made
) -> None:
    on_a = run("o" * 100, info=RunInfo("r", ("dev",), "m", schema="a"))
    first = registry.release(made(), on_a, decide(on_a, on_a), base="")
    registry.verify(first, schema="a")
    registry.verify(first)
    with pytest.raises(ModelError, match="scored on another schema"):
        registry.verify(first, schema="b")


@pytest.mark.parametrize("text", ["", "{", '{"format": 1}', "[]", "null"])
def test_a_damaged_card_is_told_and_the_others_still_serve(registry: Registry, made: Made, text: str) -> None:
    release(registry, made(0))
    second = release(registry, made(1))
    (path_of(second).parent / "card.json").write_text(text)
    with pytest.raises(ModelError, match=r"card\.json of the release r2 is damaged .*quarry rollback NAME"):
        registry.current()
    assert [one.name for one in registry.releases()] == ["r1"]
    registry.rollback("r1")
    now = registry.current()
    assert now is not None
    assert now.name == "r1"


def test_the_card_of_another_release_is_not_believed(registry: Registry, made: Made) -> None:
    first, second = release(registry, made(0)), release(registry, made(1))
    card = path_of(first).parent / "card.json"
    (path_of(second).parent / "card.json").write_bytes(card.read_bytes())
    with pytest.raises(ModelError, match="is that of r1"):
        registry.current()


def test_a_card_cannot_name_a_file_elsewhere(registry: Registry, made: Made) -> None:
    first = release(registry, made())
    path = path_of(first).parent / "card.json"
    said = json.loads(path.read_text())
    said["model_file"]["name"] = "../../lab/tiny0.gguf"
    path.write_text(json.dumps(said))
    with pytest.raises(ModelError, match="damaged"):
        registry.current()


def test_a_rollback_to_a_tampered_release_changes_nothing(registry: Registry, made: Made) -> None:
    first, second = release(registry, made(0)), release(registry, made(1))
    path_of(first).write_bytes(b"GGUF")
    with pytest.raises(ModelError, match="r1 was cut short"):
        registry.rollback()
    assert registry.current() == second


@pytest.mark.parametrize("text", ["", "r1", '{"release": 1, "before": []}', '{"release": "r1"}'])
def test_a_damaged_pointer_is_told_and_mended_by_a_rollback_to_a_name(
    registry: Registry, made: Made, text: str
) -> None:
    release(registry, made())
    registry.pointer.write_text(text)
    with pytest.raises(ModelError, match="does not tell which release answers"):
        registry.current()
    registry.rollback("r1")
    now = registry.current()
    assert now is not None
    assert now.name == "r1"


def test_a_candidate_that_changed_while_it_was_scored_is_not_released(registry: Registry, made: Made) -> None:
    one = made()
    assert isinstance(one.model, Path)
    one.model.write_bytes(one.model.read_bytes() + b"\0")
    with pytest.raises(ModelError, match="changed while its suites ran"):
        release(registry, one)
    assert (registry.current(), registry.names()) == (None, ())
    assert not list(registry.folder.glob(".incoming-*"))


def test_pairs_that_changed_while_they_were_scored_are_not_released(registry: Registry, made: Made) -> None:
    one = made()
    assert one.pairs is not None
    one.pairs.write_text("")
    with pytest.raises(ModelError, match="changed while its suites ran"):
        release(registry, one)
    assert registry.names() == ()


def test_a_full_disk_leaves_everything_as_it_was(
    registry: Registry, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = release(registry, made(0))

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("evals.releases.checksum.os.fsync", full)
        with pytest.raises(
            ModelError, match=r"cannot be copied .*No space left on device.*nothing has changed"
        ):
            release(registry, made(1))
    assert registry.current() == first
    assert registry.names() == ("r1",)
    assert not list(registry.folder.glob(".incoming-*"))
    assert release(registry, made(1)).name == "r2"


def test_a_release_that_was_overtaken_is_not_made(registry: Registry, made: Made) -> None:
    scored, found = shipping()
    release(registry, made(0))
    with pytest.raises(ModelError, match=r"Meanwhile r1 became the one that answers"):
        registry.release(made(1), scored, found, base="")
    assert registry.names() == ("r1",)


def test_two_releases_at_once_are_one_after_the_other(registry: Registry, made: Made) -> None:
    """Both were held against the same model: the one that comes second has to be held against the first."""
    scored, found = shipping()
    candidates = [made(seed) for seed in range(4)]
    told: list[str] = []

    def try_it(one: Candidate) -> None:
        try:
            told.append(Registry(registry.folder).release(one, scored, found, base="").name)
        except ModelError as error:
            told.append(str(error))

    threads = [threading.Thread(target=try_it, args=(one,)) for one in candidates]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("r1") == 1
    assert sum("Meanwhile r1" in line for line in told) == 3
    assert registry.names() == ("r1",)


def test_a_lock_that_is_held_is_told(registry: Registry, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    monkeypatch.setattr("evals.releases.registry._LOCK_SECONDS", 0)
    registry.folder.mkdir()
    with FileLock(registry.folder / "lock"), pytest.raises(ModelError, match="Another process is changing"):
        release(registry, made())


def test_no_name_is_given_twice(registry: Registry, made: Made) -> None:
    import shutil

    release(registry, made(0))
    second = release(registry, made(1))
    registry.rollback()
    shutil.rmtree(path_of(second).parent)
    assert release(registry, made(2)).name == "r3"


def test_names_are_in_the_order_of_their_numbers(registry: Registry, made: Made) -> None:
    one = made()
    for _ in range(11):
        release(registry, one)
    assert registry.names()[-2:] == ("r10", "r11")


def test_a_line_that_was_half_written_spoils_no_other(registry: Registry, made: Made) -> None:
    release(registry, made(0))
    with (registry.folder / "history.jsonl").open("a") as file:
        file.write('{"when": "2025-')
    release(registry, made(1))
    assert [event.release for event in registry.history()] == ["r1", "r2"]


def test_what_watches_the_pointer_sees_each_switch(registry: Registry, made: Made) -> None:
    release(registry, made(0))
    seen = [registry.pointer.read_text()]
    for step in (lambda: release(registry, made(1)), registry.rollback, lambda: registry.rollback("r2")):
        step()
        seen.append(registry.pointer.read_text())
    assert all(before != after for before, after in pairwise(seen))


def test_a_switch_whose_line_a_kill_kept_out_of_the_history_is_written_afterwards(
    registry: Registry, made: Made
) -> None:
    release(registry, made(0))
    history = registry.folder / "history.jsonl"
    kept = history.read_text()
    release(registry, made(1))
    history.write_text(kept)
    release(registry, made(2))
    assert [(event.before, event.release) for event in registry.history()] == [
        ("", "r1"),
        ("r1", "r2"),
        ("r2", "r3"),
    ]
