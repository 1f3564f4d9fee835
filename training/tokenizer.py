"""A byte-level BPE for questions, and one token for each piece of the schema's SQL.

A column ('o.ordered_at'), a join along a key, a slot or a quoted enum value is one token, so a query of 300
characters is some 25 tokens: short to train on, fast to write, and its names cannot be misspelt.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from graph.specialist import ASK, END, SLOTS, WRITE
from knowledge.schema import Schema
from training.catalogue import Catalogue
from training.intents.scene import GRAINS
from training.query import join_text, upper_join

CONTROL = (END, ASK, WRITE)
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


def schema_tokens(catalogue: Catalogue) -> list[str]:
    """Pieces of SQL and links that are one token each; all of them stand for themselves as text."""
    schema = catalogue.schema
    pieces = [f"{schema.aliases[t.name]}.{c.name}" for t, c in schema.columns()]
    pieces += [f"{schema.aliases[name]}.full_name" for name in catalogue.full_names]
    pieces += [f" FROM {t} {a}" for t, a in schema.aliases.items()]
    pieces += [" " + join_text(schema, key) for keys in catalogue.routes.up.values() for key in keys]
    pieces += [" " + upper_join(schema, k.table) for k in schema.foreign_keys if k.table == k.to_table]
    pieces += [
        f"{schema.aliases[t.name]}2.{c.name}"
        for t, c in schema.columns()
        if _refers_to_itself(schema, t.name)
    ]
    pieces += [
        f"'{v}'" for f in catalogue.fields if f.kind == "enum" for v, _ in f.values if isinstance(v, str)
    ]
    pieces += [sql.partition("{c}")[0] for sql, _ in GRAINS.values() if sql.count("{c}") == 1]
    pieces += [f" AND {c} < " for c in _date_columns(catalogue)] + [
        f"{c} >= " for c in _date_columns(catalogue)
    ]
    return list(dict.fromkeys([*pieces, *_KEYWORDS]))


def _refers_to_itself(schema: Schema, table: str) -> bool:
    return any(k.table == k.to_table == table for k in schema.foreign_keys)


def _date_columns(catalogue: Catalogue) -> list[str]:
    return [f.sql for f in catalogue.fields if f.kind == "date"]


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


def load_tokenizer(path: Path) -> Tokenizer:
    return Tokenizer.from_file(str(path))


def tokens_of(tokenizer: Tokenizer) -> list[str]:
    """Every token, in the order of the ids."""
    vocabulary = tokenizer.get_vocab()
    return sorted(vocabulary, key=lambda token: vocabulary[token])


def end_of(tokenizer: Tokenizer) -> int:
    """The id of the token that ends a query; it pads, too."""
    return tokenizer.get_vocab()[END]
