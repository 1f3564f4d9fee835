"""The stored values, columns and tables that a question's words may name, for a specialist to read beside it.

What the glossary learns after a training is read so, too: a new synonym leads to the column that it always
stood for.
"""

import re

from graph.constraint.names import written
from graph.specialist import qualified
from graph.vocabulary import Mention, Vocabulary, roots
from knowledge.link import Linked
from knowledge.schema import Schema
from knowledge.values import ValueHit

MOST = 8
MOST_READINGS = 3
_SLOT = re.compile(r"<\w+>")


def mentioned(linked: Linked, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Pieces of SQL in the question's order, stored values first; several readings have '/' between them.

    `pending orders by country` may give `("o.status = 'P'", " FROM orders o", "co.name")`. Words of more than
    MOST_READINGS meanings say nothing, and are left out.
    """
    values: dict[int, list[ValueHit]] = {}
    for hit in linked.hits:
        values.setdefault(hit.start, []).append(hit)
    words = roots(_SLOT.sub(" ", linked.text))
    found = [_of_values(hits, vocabulary.schema) for _, hits in sorted(values.items())]
    found += [_of_words(mention, vocabulary.schema) for mention in vocabulary.mentions(words)]
    told = dict.fromkeys("/".join(readings) for readings in found if 0 < len(readings) <= MOST_READINGS)
    return tuple(told)[:MOST]


def _of_values(hits: list[ValueHit], schema: Schema) -> list[str]:
    known = [hit for hit in hits if hit.table in schema.aliases and _stands(hit, schema)]
    return sorted({f"{qualified(h.table, h.column, schema)} = {_literal(h, schema)}" for h in known})


def _stands(hit: ValueHit, schema: Schema) -> bool:
    return hit.column in schema.by_name[hit.table].by_name


def _literal(hit: ValueHit, schema: Schema) -> str:
    is_number = schema.by_name[hit.table].by_name[hit.column].is_number
    return hit.value if is_number else "'" + hit.value.replace("'", "''") + "'"


def _of_words(mention: Mention, schema: Schema) -> list[str]:
    """The columns, or the table where no column is meant."""
    columns = [place.partition(".") for place in sorted(mention.places) if "." in place]
    if columns:
        return [qualified(table, column, schema) for table, _, column in columns if table in schema.aliases]
    known = [name for name in sorted(mention.places) if name in schema.aliases]
    return [f" FROM {written(name, schema.dialect)} {schema.aliases[name]}" for name in known]
