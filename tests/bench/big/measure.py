"""A real question's prompt and 60 tokens of answer, cold and with the head of the prompt in the cache."""

import statistics
import time
from itertools import takewhile
from pathlib import Path

from graph.models.base import Generation, Prompt
from graph.models.llama import LlamaModel
from tests.bench.big.file import write
from tests.bench.big.prompts import prompts, wordpieces
from tests.bench.big.tokenizer import learn, repository_texts
from tests.bench.places import BUILD, ROOT
from tests.bench.row import Row, of_series

TITLE = "A model of real size (Qwen2.5-1.5B, Q4_K_M, random weights), one candidate"
WRITTEN = 60
_WARM_QUESTIONS = 5
_MOST_TOKENS, _MOST_NEW, _MOST_SECONDS = 700, 200, 9.0
_NOTE = (
    "Tokens are counted by a tokenizer of our own, learned from this repository's text; Qwen2.5's makes "
    "about 3% more of these prompts, MiniLM's some 17%: each sign is a token to it. All have one head."
)


def big_model() -> Path:
    """The file, which is written where it is missing."""
    path = BUILD / "bench" / "qwen2.5-1.5b-random.Q4_K_M.gguf"
    if not path.is_file():
        print("Writing a GGUF file of about 1 GB (once) ...", flush=True)
        write(path, learn(repository_texts(ROOT)))
    return path


def measure(folder: Path) -> list[Row]:
    path = big_model()
    begun = time.perf_counter()
    model = LlamaModel(path)
    loaded = time.perf_counter() - begun
    try:
        return [Row("loading the model", loaded), *_rows(model, prompts(folder, model))]
    finally:
        model.close()


def _rows(model: LlamaModel, asked: list[Prompt]) -> list[Row]:
    heads = {prompt.head for prompt in asked}
    if len(heads) != 1:
        raise RuntimeError(f"the head of the prompt differs between questions: {len(heads)} heads")
    tokens = [model._tokens(prompt) for prompt in asked]
    head = common_length(tokens)
    cold = model.generate(asked[0], 1, WRITTEN)
    warm = [model.generate(prompt, 1, WRITTEN) for prompt in asked[1 : 1 + _WARM_QUESTIONS]]
    if any(generation.cached_tokens < head for generation in warm):
        raise RuntimeError("the head of the prompt was read again for the second question")
    lengths = [float(len(prompt)) for prompt in tokens]
    new = [length - head for length in lengths]
    pieces = wordpieces([f"{prompt.head}\n{prompt.tail}" for prompt in asked])
    return [
        of_series(f"prompt, of {len(asked)} questions", lengths, "tokens"),
        Row("prompt, the longest", max(lengths), "tokens", goal=_MOST_TOKENS),
        Row("of these in the constant head", head, "tokens"),
        of_series("new for each question", new, "tokens"),
        Row("new for a question, the most", max(new), "tokens", goal=_MOST_NEW),
        of_series("prompt in MiniLM's wordpieces", [float(n) for n in pieces], "tokens", note=_NOTE),
        Row("reading speed", statistics.median(map(_read_rate, [cold, *warm])), "tokens/s"),
        Row("writing speed", statistics.median(WRITTEN / _writing(one) for one in warm), "tokens/s"),
        Row("cold: reading the whole prompt", cold.read_seconds),
        Row("cold: a question in all", cold.read_seconds + _writing(cold)),
        of_series("warm: reading what is new", [one.read_seconds for one in warm]),
        of_series(f"warm: writing {WRITTEN} tokens", [_writing(one) for one in warm]),
        of_series(
            "warm: a question in all",
            [one.read_seconds + _writing(one) for one in warm],
            goal=_MOST_SECONDS,
        ),
    ]


def common_length(sequences: list[list[int]]) -> int:
    """How many tokens all of them begin with.

    >>> common_length([[1, 2, 3], [1, 2, 4, 5], [1, 2]])
    2
    """
    return len(list(takewhile(lambda column: len(set(column)) == 1, zip(*sequences, strict=False))))


def _read_rate(generation: Generation) -> float:
    return (generation.prompt_tokens - generation.cached_tokens) / generation.read_seconds


def _writing(generation: Generation) -> float:
    """Seconds for the full number of tokens, also where the random model stopped early."""
    return generation.write_seconds * WRITTEN / max(1, generation.candidates[0].tokens)
