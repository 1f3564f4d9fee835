"""A byte-level BPE in Qwen2's manner, learned from this repository's own text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Regex, Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Sequence, Split
from tokenizers.trainers import BpeTrainer

_SUFFIXES = {".md", ".py", ".sql", ".yaml"}
_MOST_LEARNED = 32_000
_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@dataclass(frozen=True)
class Vocabulary:
    tokens: tuple[str, ...]
    merges: tuple[str, ...]


def learn(texts: Iterator[str], most: int = _MOST_LEARNED) -> Vocabulary:
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = Sequence(
        [Split(Regex(_WORDS), "isolated"), ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    trainer = BpeTrainer(vocab_size=most, show_progress=False, initial_alphabet=ByteLevel.alphabet())
    tokenizer.train_from_iterator(texts, trainer)
    learned = json.loads(tokenizer.to_str())["model"]
    merges = (pair if isinstance(pair, str) else " ".join(pair) for pair in learned["merges"])
    return Vocabulary(tuple(sorted(learned["vocab"], key=learned["vocab"].__getitem__)), tuple(merges))


def repository_texts(root: Path) -> Iterator[str]:
    """Documentation, settings, SQL and code; evaluation suites are left alone."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        hidden = any(part.startswith(".") for part in parts)
        if path.suffix in _SUFFIXES and not hidden and "evals" not in parts and path.is_file():
            yield path.read_text(encoding="utf-8")
