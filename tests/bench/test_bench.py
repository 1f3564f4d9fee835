import json
from pathlib import Path

import pytest

from evals.verdict import Verdict
from graph.models.base import Prompt
from graph.models.llama import LlamaModel
from tests.bench import compare, split
from tests.bench.big.file import Shape, write
from tests.bench.big.tokenizer import learn
from tests.bench.row import Row
from tests.bench.table import save
from tests.bench.warm import peak_memory

TEXT = "SELECT o.order_id FROM orders o WHERE o.ordered_at >= '2025-10-01'; how many orders came in?"
TINY = Shape(layers=8, width=256, inner=256, heads=4, key_heads=2, vocabulary=600, context=512)


@pytest.mark.real
def test_a_file_of_random_blocks_is_a_model_that_keeps_the_head_of_the_prompt(tmp_path: Path) -> None:
    model = LlamaModel(write(tmp_path / "tiny.gguf", learn(iter([TEXT] * 5)), TINY), context=512, threads=1)

    first = model.generate(Prompt(TEXT, "How many orders?"), 1, 4)
    second = model.generate(Prompt(TEXT, "Which orders?"), 1, 4)

    head = len(model._llama.tokenize(TEXT.encode(), add_bos=False))
    model.close()
    assert first.cached_tokens == 0
    assert second.cached_tokens > head
    assert second.prompt_tokens - second.cached_tokens < 40
    assert first.candidates[0].logprob is not None


def test_half_of_the_layers_have_finer_blocks() -> None:
    assert sum(Shape().is_finer(layer) for layer in range(28)) == 14


def test_a_vocabulary_too_small_for_what_was_learned_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no room"):
        write(tmp_path / "tiny.gguf", learn(iter([TEXT])), Shape(vocabulary=100))


def test_retrieval_and_the_rest_together_are_held_against_their_goal() -> None:
    asked = {"whole": 1.0, "retrieval": 0.04, "model": 0.8, "database": 0.13, "rest": 0.03}

    found = {row.what: row for row in split.rows([asked | {"outcome": "Answered"}] * 3)}

    assert found["all that is not model or database"].value == pytest.approx(0.07)
    assert found["all that is not model or database"].met is False
    assert found["the whole question"].met is True


def test_the_figures_of_the_other_parts_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"

    save(path, "cold", [Row("ask", 3.0, goal=8.0)], {})
    save(path, "memory", [Row("peak", 2e9, "bytes", goal=1.5e9)], {})

    told = json.loads(path.read_text())
    assert told["cold"]["rows"][0]["met"] is True
    assert told["memory"]["rows"][0]["met"] is False


def test_the_peak_of_memory_is_not_less_than_what_was_taken() -> None:
    taken = bytearray(b"x" * 50_000_000)

    assert peak_memory() > len(taken)


def test_the_cases_of_the_comparison_have_the_verdicts_that_the_bench_waits_for() -> None:
    for case, gold, answer, right in compare.cases(300):
        assert compare._once(gold, answer, right) > 0, case


def test_a_wrong_verdict_stops_the_bench() -> None:
    _, gold, answer, _ = next(compare.cases(300))
    with pytest.raises(RuntimeError, match="instead of wrong"):
        compare._once(gold, answer, Verdict.WRONG)
