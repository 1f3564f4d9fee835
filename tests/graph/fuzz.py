"""Statements made from good and hostile ones: cut, joined, wrapped, quoted, with odd characters in them."""

import re
from functools import cache

from hypothesis import strategies as st

from tests.graph.hostile import hostile
from tests.graph.test_gate import statements

_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
_FRAMES = (
    "{a}",
    "{a};{b}",
    "{a}\n;\n{b}",
    "{a} -- {b}",
    "{a} -- \n{b}",
    "{a} /* {b} */",
    "{a} /*! {b} */",
    "/* {a} */ {b}",
    "SELECT * FROM ({a}) AS x",
    "SELECT ({a})",
    "SELECT 1 FROM orders WHERE EXISTS ({a})",
    "SELECT 1 FROM orders WHERE order_id IN ({a})",
    "WITH x AS ({a}) SELECT * FROM x",
    "WITH x AS ({a}), y AS ({b}) SELECT * FROM x, y",
    "WITH x AS ({a}) {b}",
    "{a} UNION ALL {b}",
    "({a}) UNION ({b})",
    "{a} EXCEPT {b}",
    "SELECT CASE WHEN 1 = 1 THEN ({a}) ELSE ({b}) END",
    "SELECT '{a}', {b}",
    'SELECT "{a}" FROM orders; {b}',
    "SELECT $${a}$$; {b}",
    "SELECT E'{a}\\'; {b}'",
    "{a} ORDER BY ({b})",
    "{a} LIMIT ({b})",
    "EXPLAIN {a}",
    "EXPLAIN ANALYZE {a}",
    "SELECT name FROM customers WHERE name = '{a}'",
    "SELECT COUNT(*) FROM orders HAVING COUNT(*) > ({a})",
    "SELECT SUM(amount) FILTER (WHERE ({a}) IS NULL) FROM orders",
    "SELECT RANK() OVER (ORDER BY ({a})) FROM orders",
    "{a} INTO {b}",
)
_ODD = (
    "'", '"', "`", ";", "--", "/*", "*/", "/*!", "#", "\\", "\\'", "$$", "\0", "\n", "\r", "\x1a", "\u200b",
    "\u00a0", "\ufeff", "(", ")", "[", "]", "{", "}", ",", "::", ":=", "@", "?", "%", "!", "||", ".", "E'",
    "U&'", "X'", " AS ", " INTO ", " FOR UPDATE", " RETURNING *", " OVER ()",
)  # fmt: skip


@cache
def _material(dialect: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    good = [sql for one, _, sql in statements("good.sql") if one == dialect]
    bad = [one.sql for one in hostile(dialect)] + [
        sql for one, _, sql in statements("bad.sql") if one == dialect
    ]
    words = {word for sql in good + bad for word in _TOKEN.findall(sql) if not word.isspace()}
    return tuple(good), (*bad, *sorted(words))


@st.composite
def mutants(draw: st.DrawFn, dialect: str) -> str:
    """One statement of the dialect, or what is left of it."""
    good, bad = _material(dialect)
    sentence = st.one_of(st.sampled_from(good), st.sampled_from(good), st.sampled_from(bad))
    sql = draw(st.sampled_from(_FRAMES)).format(a=draw(sentence), b=draw(sentence))
    for _ in range(draw(st.integers(0, 4))):
        tokens = _TOKEN.findall(sql)
        place = draw(st.integers(0, max(len(tokens) - 1, 0)))
        kind = draw(st.sampled_from(("word", "odd", "drop", "swap", "splice", "double")))
        if kind == "word":
            tokens[place : place + 1] = [draw(st.sampled_from(bad))]
        elif kind == "odd":
            tokens.insert(place, draw(st.one_of(st.sampled_from(_ODD), st.characters())))
        elif kind == "drop":
            del tokens[place : place + draw(st.integers(1, 3))]
        elif kind == "swap" and len(tokens) > 2:
            other = draw(st.integers(0, len(tokens) - 1))
            tokens[place], tokens[other] = tokens[other], tokens[place]
        elif kind == "splice":
            others = _TOKEN.findall(draw(sentence))
            tokens[place:] = others[draw(st.integers(0, max(len(others) - 1, 0))) :]
        elif kind == "double":
            tokens[place:place] = tokens[place : place + draw(st.integers(1, 6))]
        sql = "".join(tokens)[:4000]
    return sql
