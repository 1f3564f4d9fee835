"""What an answer rests on, in words: made from the statement's tree, never by a model."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

Part = Literal["shows", "step", "from", "only", "rule", "groups", "order", "limit", "further", "as of"]
_NAMES: dict[Part, str] = {
    "shows": "Shows", "step": "First", "from": "From", "only": "Only", "rule": "Only", "groups": "Groups",
    "order": "Order", "limit": "Rows", "further": "Further", "as of": "As of",
}  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """One thing that the statement does. `depth` is above 0 within a step; `sql` holds what has no words."""

    part: Part
    text: str
    depth: int = 0
    sql: str = ""

    @property
    def name(self) -> str:
        return _NAMES[self.part]

    def __str__(self) -> str:
        return f"{self.text}{': ' if self.text and self.sql else ''}{self.sql}"


@dataclass(frozen=True)
class Origin:
    """Where a column of the answer comes from: `sql` over the stored columns, all of them in `columns`.

    `via` names the tables between those that are counted and that of a plain column; where nothing stored is
    read, as in COUNT(*), the tables whose rows are.
    """

    heading: str
    sql: str
    columns: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    plain: bool = False

    def __str__(self) -> str:
        through = f" {'via' if self.plain else 'of'} {', '.join(self.via)}" if self.via else ""
        return f"{self.heading} {'<-' if self.plain else '='} {self.sql}{through}"


@dataclass(frozen=True)
class Explanation:
    """`predicates` counts the conditions of WHERE, HAVING and ON; of them `in_sql` are shown as SQL, for want
    of words. None is ever left out.
    """

    sentences: tuple[Sentence, ...] = ()
    lineage: tuple[Origin, ...] = ()
    predicates: int = 0
    in_sql: int = 0

    def text(self) -> str:
        """Plain lines; a step's are indented."""
        lines = [f"{'  ' * s.depth}{s.name + ':':<8} {s}" for s in self.sentences]
        lines += ["", *(str(origin) for origin in self.lineage)] if self.lineage else []
        return "\n".join(lines)

    def markdown(self) -> str:
        """A list for Slack and pages; what looks like markup in names and values stays as it is."""
        lines = []
        for s in self.sentences:
            shown = f"{_escaped(s.text)}{': ' if s.text and s.sql else ''}{_code(s.sql)}"
            lines.append(f"{'  ' * s.depth}- **{s.name}:** {shown}")
        if self.lineage:
            lines += ["- **Columns:**", *(f"  - {_code(str(origin))}" for origin in self.lineage)]
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Nothing but what JSON knows."""
        return {
            "sentences": [{"name": s.name} | asdict(s) for s in self.sentences],
            "lineage": [asdict(o) | {"columns": list(o.columns), "via": list(o.via)} for o in self.lineage],
            "predicates": self.predicates,
            "in_sql": self.in_sql,
        }


def _escaped(text: str) -> str:
    return re.sub(r"([\\*_`\[\]<>~|])", r"\\\1", text)


def _code(text: str) -> str:
    """As code; a fence longer than any run of backticks within."""
    if not text:
        return ""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    space = " " if "`" in text else ""
    return f"{'`' * (longest + 1)}{space}{text}{space}{'`' * (longest + 1)}"
