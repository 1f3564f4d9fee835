"""A read-only SELECT over one schema, as a Lark grammar for llguidance.

Whitespace is written out (`s` must be there, `o` may be), since a lexer that skips it would join two words.
Where one word begins another the longest match counts: `COUNT(` is a function, `count` a name.
"""

import json
import re
from collections.abc import Iterable, Sequence

from graph.constraint.names import Names
from graph.constraint.terminals import function_rules, literals, name_terminals, table_rules, words

_RULES = """
query: (WITH s cte (o "," o cte)* s)? body
cte: CTE (s? "(" o OUTPUT (o "," o OUTPUT)* o ")")? s AS s? "(" o query o ")"
body: select (s (SET_OPERATION | UNION s ALL) s select)* (s ORDER_BY s orders)? (s limit)?
limit: LIMIT s whole (s OFFSET s whole)?
select: SELECT s (DISTINCT s)? item (o "," o item)* (s FROM s from)?
from: relation (s join)* (s WHERE s expr)? (s GROUP_BY s groups)? (s HAVING s expr)? %from%
item: "*" | STARRED | expr (s AS s OUTPUT)?
relation: table | CTE alias? | "(" o query o ")" alias%unnamed%
alias: (s AS)? s ALIAS
join: JOIN s relation s (ON s expr | USING o "(" o OUTPUT (o "," o OUTPUT)* o ")") %join%
groups: exprs %groups%
exprs: expr (o "," o expr)*
orders: order (o "," o order)*
order: expr (s (ASC | DESC))? %nulls%
expr: test (s (AND | OR) s test)*
test: (NOT s)* (compared | EXISTS o "(" o query o ")")
compared: sum (o COMPARE o sum | s predicate)?
predicate: IS_NULL | IN o "(" o (query | exprs) o ")" | BETWEEN s sum s AND s sum | like
like: LIKE s sum (s ESCAPE s STRING)?
sum: term (o ARITHMETIC (o primary | s NEGATIVE))*
term: primary | NEGATIVE
primary: operand %after_operand%
operand: NUMBER | STRING | QUALIFIED | BARE | CONSTANT | call | case | cast | bracket %operand%
bracket: "(" o (expr%row% | query) o ")"
case: CASE s (expr s)? (WHEN s expr s THEN s expr s)+ (ELSE s expr s)? END
cast: CAST o expr s AS s TYPE o ")"
call: aggregate (s FILTER s? "(" o WHERE s expr o ")")? (s over)? | windowed s over
aggregate: COUNT_ALL | called %aggregate%
over: OVER s? "(" o (PARTITION_BY s exprs)? (s? ORDER_BY s orders (s FRAME)?)? o ")"
whole: WHOLE %whole%
s: WS
o: WS?
"""

_POSTGRES_LIKE = {
    "nulls": "(s NULLS)?",
    "after_operand": '(o "::" o TYPE)* (s AT_TIME_ZONE s STRING)?',
    "ordered": "(s ORDER_BY s orders)?",
}
_DATED = '| INTERVAL s interval | DATED s DAY | EXTRACT o PART s FROM s expr o ")"'
_WITHIN = '| WITHIN o exprs? o ")" s WITHIN_GROUP s? "(" o ORDER_BY s orders o ")"'
_ADDED: dict[str, dict[str, str]] = {
    "sqlite": {"unnamed": "?", "nulls": "(s NULLS)?", "after_operand": "(o JSON o STRING)*"},
    "postgres": {
        **_POSTGRES_LIKE,
        "after_operand": f"(o JSON o STRING)* {_POSTGRES_LIKE['after_operand']}",
        "operand": _DATED,
        "aggregate": _WITHIN,
        "rules": "interval: SPAN",
    },
    "mysql": {
        "after_operand": "(o JSON o STRING)*",
        "operand": _DATED,
        "aggregate": (
            '| GROUPED o (DISTINCT s)? exprs (s ORDER_BY s orders)? (s SEPARATOR s STRING)? o ")"'
            ' | STAMPED o PART o "," o exprs o ")"'
        ),
        "rules": "interval: expr s PART",
    },
    "duckdb": {
        **_POSTGRES_LIKE,
        "unnamed": "?",
        "from": "(s QUALIFY s expr)?",
        "groups": "| ALL",
        "operand": _DATED,
        "aggregate": _WITHIN,
        "rules": "interval: SPAN | WHOLE s PART",
    },
}


def lark(
    names: Names, *, slots: Sequence[str] = (), special: Iterable[str] = (), start: str = "query"
) -> str:
    """The grammar's text; `start` is the body of its first rule.

    With `slots` it is a specialist's: these are its literals besides others (those in `special` are tokens of
    their own), keywords are capitals, one space stands between words, and tables have their fixed aliases.
    """
    fixed = bool(slots)
    added = dict(_ADDED[names.dialect])
    added["operand"] = f"{added.get('operand', '')} {'| slot' if fixed else ''}"
    added["row"] = "" if fixed else ' (o "," o expr)*'
    added["whole"] = "| slot" if fixed else ""
    added["join"] = "" if fixed else "| CROSS_JOIN s relation"
    rules = re.sub(r"%([a-z_]+)%", lambda match: added.get(match[1], ""), _RULES)
    lines = [f"start: {start}", rules, added.get("rules", "")]
    lines += function_rules(names.dialect, added.get("ordered", ""))
    if fixed:
        tokens = set(special)
        lines.append("slot: " + " | ".join(slot if slot in tokens else json.dumps(slot) for slot in slots))
    lines += table_rules(names, fixed) + name_terminals(names, fixed)
    lines += literals(names.dialect, fixed) + words(names.dialect, fixed)
    return "\n".join(lines) + "\n"
