"""Only functions from an allow-list: what sqlglot knows by class, and each dialect's own names."""

from functools import lru_cache
from importlib.resources import files

import yaml
from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding


@lru_cache(maxsize=1)
def allowed() -> dict[str, frozenset[str]]:
    """functions.yaml: sqlglot's class names under 'known', other names under each dialect."""
    text = (files("graph.checks") / "functions.yaml").read_text(encoding="utf-8")
    return {key: frozenset(names) for key, names in yaml.safe_load(text).items()}


def functions(tree: exp.Expr, context: CheckContext) -> Checked:
    """Refuse functions that are not on the list: files, sleeping, settings, users and whatever is unknown.

    >>> # SELECT load_extension('x')  ->  finding at 'load_extension'
    """
    known, named = allowed()["known"], allowed().get(context.dialect, frozenset())
    unknown: dict[str, Finding] = {}
    for node in tree.find_all(exp.Func):
        name = _name(node)
        fine = name.lower() in named if isinstance(node, exp.Anonymous) else node.key in known
        if not fine:
            unknown[name] = Finding("functions", name, f"the function {name} is not allowed", "do without it")
    return Checked(tree, tuple(unknown.values()))


def _name(node: exp.Func) -> str:
    if isinstance(node, exp.Anonymous):
        return node.name
    return node.sql_name() if type(node).sql_names() else node.key.upper()
