"""The pairs that go beside a model: known questions, one for each query that came up most."""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from knowledge.words import english
from training.synthesis import Row


def write_pairs(rows: Sequence[Row], path: Path, count: int) -> None:
    """The `count` queries that came up most, each with its most cleanly spelt question, for the index."""
    questions: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        questions[row.target].append(row.question)
    often = sorted(questions, key=lambda target: (-len(questions[target]), target))
    with path.open("w", encoding="utf-8") as file:
        for target in often[:count]:
            fewest = min(map(_misspelt, questions[target]))
            clean = sorted((q for q in questions[target] if _misspelt(q) == fewest), key=len)
            pair = {"question": clean[len(clean) // 2], "sql": target}
            file.write(json.dumps(pair, ensure_ascii=False) + "\n")


def _misspelt(question: str) -> int:
    """How many plain words are none that the embedder knows."""
    return sum(word.isalpha() and word not in english() for word in question.lower().split())
