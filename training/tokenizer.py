"""A byte-level BPE for questions, and one token for each piece of the schema's SQL.

A column ('o.ordered_at'), a join along a key, a slot or a quoted enum value is one token, so a query of 300
characters is some 25 tokens: short to train on, fast to write, and its names cannot be misspelt.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from graph.specialist import ASK, END, SCHEMA, SLOTS, WRITE, WRONG
from training.catalogue import Catalogue
from training.intents.scene import GRAINS
from training.pieces import pieces_of

CONTROL = (END, ASK, WRITE, SCHEMA, WRONG)
_KEYWORDS = (
    "SELECT ", "SELECT DISTINCT ", " FROM ", " WHERE ", " AND ", " OR ", " GROUP BY ", " ORDER BY ",
    " HAVING ", " LIMIT ", " DESC", " ASC", "COUNT(*)", "COUNT(DISTINCT ", "SUM(", "AVG(", "MIN(",
    "MAX(", " IS NULL", " IS NOT NULL", " IN (", " NOT IN (", "NOT EXISTS (SELECT 1",
    "EXISTS (SELECT 1", "CASE WHEN ", " THEN ", " ELSE ", " THEN 1 ELSE 0 END)", " END)",
    "100.0 * SUM(CASE WHEN ", " THEN 1 ELSE 0 END) / COUNT(*)", " >= ", " <= ", " <> ", " > ", " < ",
    " = ", "JULIANDAY(", ", COUNT(*)", ", SUM(", ", AVG(", " GROUP BY 1", " ORDER BY 1",
    " ORDER BY 2 DESC LIMIT ", " ORDER BY 2 DESC", "NULLIF(", " ORDER BY 2 ASC LIMIT ",
    " ORDER BY 3 DESC LIMIT ", ") || '-Q' || ((STRFTIME('%m', ", ") + 2) / 3)",
    "ROW_NUMBER() OVER (PARTITION BY ", "|", "/", ", ", "CURRENT_DATE", " || ' ' || ",
)  # fmt: skip
FIXED = (*(sql.partition("{c}")[0] for sql, _ in GRAINS.values() if sql.count("{c}") == 1), *_KEYWORDS)
"""Pieces of SQL that every schema shares."""


def schema_tokens(catalogue: Catalogue) -> list[str]:
    """Pieces of SQL and links that are one token each; all of them stand for themselves as text."""
    return list(dict.fromkeys([*(piece.text for piece in pieces_of(catalogue)), *FIXED]))


def train_tokenizer(texts: Iterable[str], pieces: list[str], size: int) -> Tokenizer:
    """Learn `size` BPE tokens from what is left of the texts between slots, control tokens and pieces."""
    fixed = [*CONTROL, *SLOTS, *pieces]
    cut = re.compile("|".join(re.escape(p) for p in sorted(fixed, key=len, reverse=True)))
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator((part for text in texts for part in cut.split(text) if part), trainer)
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in CONTROL])
    tokenizer.add_tokens([AddedToken(t, normalized=False, special=False) for t in (*SLOTS, *pieces)])
    return tokenizer


def with_pieces(tokenizer: Tokenizer, pieces: Iterable[str]) -> Tokenizer:
    """A copy that knows a schema's pieces besides; those that it has already keep their ids."""
    wider = Tokenizer.from_str(tokenizer.to_str())
    wider.add_tokens([AddedToken(piece, normalized=False, special=False) for piece in pieces])
    return wider


def load_tokenizer(path: Path) -> Tokenizer:
    return Tokenizer.from_file(str(path))


def tokens_of(tokenizer: Tokenizer) -> list[str]:
    """Every token, in the order of the ids."""
    vocabulary = tokenizer.get_vocab()
    return sorted(vocabulary, key=lambda token: vocabulary[token])


def end_of(tokenizer: Tokenizer) -> int:
    """The id of the token that ends a query; it pads, too."""
    found = tokenizer.token_to_id(END)
    assert found is not None
    return found
