"""Training: what counts, what is held out, and going on after a kill."""

import doctest
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from knowledge.errors import TrainingError
from tests.training.conftest import SHAPE, Learnt
from training import standing as standing_of
from training import train as training
from training.network import Specialist
from training.pairs import write_pairs
from training.rows import Rows, batches, encode
from training.specialise import split
from training.synthesis import Row
from training.tokenizer import end_of
from training.train import (
    KEPT,
    Recipe,
    Standing,
    exact_share,
    loss_of,
    sentence,
    train,
)


@pytest.fixture
def encoded(tokenizer: Tokenizer, rows: list[Row]) -> Rows:
    return _rows(tokenizer, rows[:40])


def _rows(tokenizer: Tokenizer, rows: list[Row]) -> Rows:
    made = [encode(tokenizer, row.prompt, row.target, SHAPE.context) for row in rows]
    return Rows.of(row for row in made if row)


def test_held_out_queries_are_not_taught(rows: list[Row]) -> None:
    held_out, taught = split(rows, seed=7)
    assert len(held_out) + len(taught) == len(rows)
    assert len(rows) // 20 <= len(held_out) < len(rows) // 10
    assert not {row.target for row in held_out} & {row.target for row in taught}
    assert split(rows, seed=7) == (held_out, taught)


def test_the_pairs_are_the_most_frequent_queries_with_a_question_that_is_spelt_well(tmp_path: Path) -> None:
    asked = ("orders", "all orders", "how many ordrs", "nuber of orders", "ordrs")
    rows = [Row("", "often", question, "") for question in asked]
    rows += [Row("", "rare", "once", "")]
    rows += [Row("", "seldom", question, "") for question in ("customrs", "customers")]
    write_pairs(rows, tmp_path / "pairs.jsonl", 2)
    lines = (tmp_path / "pairs.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"question": "all orders", "sql": "often"},
        {"question": "customers", "sql": "seldom"},
    ]


def test_batches_hold_every_row_once_and_rows_of_like_length(encoded: Rows) -> None:
    lengths = encoded.lengths
    made = batches(lengths, 8, random.Random(1))
    assert sorted(n for batch in made for n in batch) == list(range(len(encoded)))
    spreads = [max(lengths[n] for n in batch) - min(lengths[n] for n in batch) for batch in made]
    assert sum(spreads) / len(spreads) < (max(lengths) - min(lengths)) / 2


def test_rows_of_no_length_are_left_out() -> None:
    assert sorted(n for batch in batches([3, 0, 5], 8, random.Random(1)) for n in batch) == [0, 2]


def test_an_epoch_shows_what_was_missed_and_a_part_of_the_rest() -> None:
    standing, lengths = Standing(), [4] * 1000
    stream = training._endless(lengths, Recipe(), 10, standing, [1] * 1000)
    first = [n for _ in range(100) for n in next(stream)]
    assert sorted(first) == list(range(1000))
    standing.missed[:] = bytes(n < 100 for n in range(1000))
    second: list[int] = []
    while True:
        batch = next(stream)
        if standing.epoch == 2:
            break
        second += batch
    assert set(range(100)) <= set(second)
    assert KEPT * 900 * 0.8 < len(second) - 100 < KEPT * 900 * 1.2


def test_each_phase_shows_its_rows_and_those_before() -> None:
    standing, recipe = Standing(), Recipe(batch=10, minutes=10, phases=(0.2, 0.5))
    levels = [1 + n % 3 for n in range(300)]
    stream = training._endless([4] * 300, recipe, recipe.batch, standing, levels)
    seen: dict[int, set[int]] = {1: set(), 2: set(), 3: set()}
    for minute in (0, 1, 3, 4, 6, 9):
        standing.spent = 60.0 * minute
        for _ in range(40):
            batch = next(stream)
            seen[standing.phase] |= {levels[n] for n in batch}
    assert seen == {1: {1}, 2: {1, 2}, 3: {1, 2, 3}}


def test_training_stops_where_the_last_scores_brought_nothing() -> None:
    assert not Standing(scores=[0.5, 0.6, 0.6]).is_over(3)
    assert not Standing(scores=[0.5, 0.6, 0.6, 0.61]).is_over(3)
    assert Standing(scores=[0.6, 0.5, 0.6, 0.6]).is_over(3)


def test_the_loss_counts_the_tokens_of_the_sql_alone(tokenizer: Tokenizer, encoded: Rows) -> None:
    specialist = Specialist.fresh(tokenizer, SHAPE, seed=1)
    loss, _ = loss_of(specialist, encoded.batch(range(6), 0))
    single = []
    for n in range(6):
        tokens, prompt = encoded.tokens(n), int(encoded.prompts[n])
        shown = specialist.embedded(encoded.batch([n], 0))
        logits = specialist.network(inputs_embeds=shown).logits[0]
        single.append(
            functional.cross_entropy(logits[prompt - 1 : -1], torch.tensor(tokens[prompt:]), reduction="none")
        )
    assert loss.item() == pytest.approx(torch.cat(single).mean().item(), rel=1e-4)


def test_a_row_is_right_only_when_every_token_of_its_sql_is(learnt: Learnt) -> None:
    row = next(row for row in learnt.rows)
    made = encode(learnt.tokenizer, row.prompt, row.target, SHAPE.context)
    assert made is not None
    tokens, prompt, _ = made
    one = Rows.of([made]).batch([0], 0)
    with torch.no_grad():
        shown = learnt.network.embedded(one)
        ahead = learnt.network.network(inputs_embeds=shown).logits[0].argmax(-1).tolist()
    expected = ahead[prompt - 1 : -1] == tokens[prompt:]
    assert bool(loss_of(learnt.network, one)[1][0]) == expected
    wrong = made._replace(ids=[*tokens[:-2], (tokens[-2] + 1) % 100, tokens[-1]])
    assert not bool(loss_of(learnt.network, Rows.of([wrong]).batch([0], 0))[1][0])


def test_a_network_learns_its_rows(learnt: Learnt) -> None:
    assert exact_share(learnt.network, _rows(learnt.tokenizer, learnt.rows), 0, "cpu") > 0.5


def test_a_training_tells_people_a_sentence_and_the_log_its_facts(
    tokenizer: Tokenizer, encoded: Rows, tmp_path: Path
) -> None:
    told: list[str] = []
    network = Specialist.fresh(tokenizer, SHAPE, 1)
    train(network, end_of(tokenizer), encoded, encoded, tmp_path, Recipe(minutes=0.001), told.append)
    (line,) = (tmp_path / "log.jsonl").read_text().splitlines()
    facts = json.loads(line)
    assert facts.keys() == {
        *("step", "phase", "epoch", "minutes", "loss", "tokens_per_second", "held_out_exact")
    }
    assert told == [sentence(facts, 0.001)]
    assert "held-out" not in sentence({"minutes": 1.0, "phase": 1, "step": 1, "loss": 0.5}, 60)
    assert doctest.testmod(standing_of) == (0, 1)


def test_a_training_leaves_the_arithmetic_of_the_process_as_it_was(
    tokenizer: Tokenizer, encoded: Rows, tmp_path: Path
) -> None:
    tiny = torch.tensor([5e-324], dtype=torch.float64)
    train(
        Specialist.fresh(tokenizer, SHAPE, 1),
        end_of(tokenizer),
        encoded,
        Rows.of([]),
        tmp_path,
        Recipe(minutes=0.001),
        print,
    )
    assert (tiny + tiny).item() > 0


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def kill_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A function that sets after how many steps the process ends; the clock stands still."""
    monkeypatch.setattr("time.monotonic", lambda: 0.0)

    def set_end(steps: int) -> None:
        left = [steps]

        def counted(*tensors: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise KilledError
            return loss_of(*tensors)  # type: ignore[arg-type]

        monkeypatch.setattr(training, "loss_of", counted)

    return set_end


def test_a_killed_training_goes_on_as_if_nothing_had_been(
    tokenizer: Tokenizer, encoded: Rows, tmp_path: Path, kill_after: Callable[[int], None]
) -> None:
    recipe = Recipe(minutes=10, batch=8, checkpoint_minutes=-1)  # a checkpoint at each step
    told: list[str] = []

    def go_on(folder: Path, steps: int) -> dict[str, object]:
        folder.mkdir(exist_ok=True)
        kill_after(steps)
        with pytest.raises(KilledError):
            train(
                Specialist.fresh(tokenizer, SHAPE, 1),
                end_of(tokenizer),
                encoded,
                Rows.of([]),
                folder,
                recipe,
                told.append,
            )
        saved: dict[str, object] = torch.load(folder / "checkpoint.pt", weights_only=True)
        return saved

    whole = go_on(tmp_path / "whole", 12)
    assert (whole["step"], whole["epoch"], whole["at"]) == (12, 2, 2)
    part = go_on(tmp_path / "parts", 7)
    assert (part["step"], part["epoch"], part["at"]) == (7, 1, 2)
    assert told == []
    resumed = go_on(tmp_path / "parts", 5)
    assert told == ["training: resumed at step 7, 0.0 minutes in"]
    assert (resumed["step"], resumed["epoch"], resumed["at"]) == (12, 2, 2)
    assert _same(whole["network"], resumed["network"])
    assert _same(whole["optimiser"], resumed["optimiser"])
    assert not _same(whole["network"], part["network"])


def _same(one: object, other: object) -> bool:
    if isinstance(one, torch.Tensor):
        return isinstance(other, torch.Tensor) and torch.equal(one, other)
    if isinstance(one, dict):
        assert isinstance(other, dict)
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        assert isinstance(other, list)
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other


def test_a_full_disk_ends_with_a_sentence_and_the_checkpoint_before_stays(
    tokenizer: Tokenizer,
    encoded: Rows,
    tmp_path: Path,
    kill_after: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe = Recipe(minutes=10, batch=8, checkpoint_minutes=-1)

    def go_on() -> None:
        network = Specialist.fresh(tokenizer, SHAPE, 1)
        train(network, end_of(tokenizer), encoded, Rows.of([]), tmp_path, recipe, lambda line: None)

    kill_after(3)
    with pytest.raises(KilledError):
        go_on()
    before = (tmp_path / "checkpoint.pt").read_bytes()
    kill_after(9)

    def full(state: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(TrainingError, match="make room on the disk"):
        go_on()
    assert (tmp_path / "checkpoint.pt").read_bytes() == before
    assert not (tmp_path / "checkpoint.tmp").exists()
