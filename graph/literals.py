"""Texts that a statement compares with a column: each must be one of the column's values."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

from graph.checks import Finding, Gated
from graph.checks.scopes import Scopes
from graph.context import Context
from graph.outcome import Clarify
from knowledge.column_values import ColumnValues
from knowledge.errors import QueryError
from knowledge.plural import plural

_COMPARISONS = (exp.EQ, exp.NEQ, exp.In)
MOST_OPTIONS = 4


@dataclass(frozen=True)
class LiteralFinding(Finding):
    """`text` is no value of its column; `options` are what it may be, `near` what looks like it."""

    text: str = ""
    label: str = ""
    options: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """For the person who asked."""
        hint = f"; the nearest: {', '.join(self.near)}" if self.near else ""
        return f"There is no {self.label} '{self.text}'{hint}."


def literals(gated: Gated, context: Context) -> Gated:
    """The statement with its literals as they are stored, or findings where that cannot be told.

    >>> # o.status = 'cancelled'  ->  o.status = 'X', with a mended finding
    """
    if gated.tree is None or context.values is None:
        return gated
    tree = gated.tree.copy()
    findings: list[LiteralFinding] = []
    for column, literal in _compared(tree):
        base = Scopes(tree, context.schema).base_of(column)
        known = context.values.of_column(*base) if base is not None else None
        if base is not None and known is not None:
            finding = _look_up(literal, column, base, known, context)
            if finding is not None:
                findings.append(finding)
    if not findings:
        return gated
    told = (*gated.findings, *findings)
    if any(not finding.mended for finding in findings):
        return replace(gated, sql=None, tree=None, findings=told)
    return replace(
        gated, sql=tree.sql(dialect=context.schema.dialect, comments=False), tree=tree, findings=told
    )


def choices(finding: LiteralFinding, question: str) -> Clarify:
    """Which of the values that fit is meant; each choice is the whole question with that value."""
    place = question.lower().find(finding.text.lower())
    said = []
    for option in finding.options[:MOST_OPTIONS]:
        if place < 0:
            said.append(f"{question.rstrip(' ?.!')} ({finding.label} {option})?")
        else:
            said.append(question[:place] + option + question[place + len(finding.text) :])
    return Clarify(
        f"There are several {plural(finding.label)} like '{finding.text}'; which one do you mean?",
        tuple(said),
    )


def _compared(tree: exp.Expr) -> Iterator[tuple[exp.Column, exp.Literal]]:
    """Columns with the texts that they are compared with, where the case of either does not matter too."""
    for node in list(tree.find_all(*_COMPARISONS)):
        sides = [node.this, *node.expressions] if isinstance(node, exp.In) else [node.this, node.expression]
        columns = [side for side in map(_bare, sides) if isinstance(side, exp.Column)]
        texts = [side for side in map(_bare, sides) if isinstance(side, exp.Literal) and side.is_string]
        if len(columns) == 1:
            yield from ((columns[0], text) for text in texts)


def _bare(side: exp.Expr) -> exp.Expr:
    return side.this if isinstance(side, exp.Lower | exp.Upper | exp.Trim | exp.Collate | exp.Paren) else side


def _look_up(
    literal: exp.Literal, column: exp.Column, base: tuple[str, str], known: ColumnValues, context: Context
) -> LiteralFinding | None:
    text, folds = literal.name, isinstance(column.parent, exp.Lower | exp.Upper)
    options = known.meant(text)
    if text in options or _is_stored(text, base, context, folds=folds):
        return None
    where, label = f"{column.sql()} = '{text}'", context.vocabulary.labels.get(".".join(base), column.name)
    label = label.replace("_", " ")
    if folds and any(option.lower() == text.lower() for option in options):
        return None
    if len(options) == 1:
        literal.replace(exp.Literal.string(_cased(options[0], column)))
        return LiteralFinding(
            "literals",
            where,
            f"'{text}' is stored as '{options[0]}'",
            f"use '{options[0]}'",
            True,
            text,
            label,
        )
    near = tuple(options or known.nearest(text))
    hint = (
        f"perhaps {' or '.join(repr(name) for name in near)}"
        if near
        else "compare with a value of the column"
    )
    return LiteralFinding(
        "literals",
        where,
        f"{'.'.join(base)} has no value '{text}'",
        hint,
        False,
        text,
        label,
        tuple(options),
        near,
    )


def _cased(value: str, column: exp.Column) -> str:
    if isinstance(column.parent, exp.Lower):
        return value.lower()
    return value.upper() if isinstance(column.parent, exp.Upper) else value


def _is_stored(text: str, base: tuple[str, str], context: Context, *, folds: bool) -> bool:
    """What the list of values may lack: very long ones, single letters, new ones."""
    table, name = base
    column: exp.Expr = exp.column(name, quoted=True)
    if folds:
        column, text = exp.Lower(this=column), text.lower()
    query = (
        exp.select("1")
        .from_(exp.Table(this=exp.to_identifier(table, quoted=True)))
        .where(exp.EQ(this=column, expression=exp.Literal.string(text)))
        .limit(1)
    )
    try:
        return bool(context.database.run(query.sql(context.schema.dialect), max_rows=1).rows)
    except QueryError:
        return True
