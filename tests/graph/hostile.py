"""The hostile statements of tests/graph/fixtures/hostile, each a paragraph of its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "fixtures" / "hostile"
DIALECTS = ("sqlite", "postgres", "mysql", "duckdb")
BOMBS = "bombs"
_CHARACTER = re.compile(r"<U\+([0-9A-F]{4})>")


@dataclass(frozen=True)
class Hostile:
    """`kind` is the name of its file; bombs do no harm but take all there is."""

    dialect: str
    kind: str
    number: int
    sql: str

    @property
    def id(self) -> str:
        return f"{self.dialect}-{self.kind}-{self.number}"

    @property
    def is_bomb(self) -> bool:
        return self.kind == BOMBS


def hostile(*dialects: str) -> Iterator[Hostile]:
    """The statements of the dialects, of all where none is named; `<U+0000>` is that character."""
    for dialect in dialects or DIALECTS:
        for path in sorted((FOLDER / dialect).glob("*.sql")):
            paragraphs = path.read_text(encoding="utf-8").split("\n\n")[1:]
            for number, paragraph in enumerate(paragraphs, 1):
                sql = _CHARACTER.sub(lambda found: chr(int(found[1], 16)), paragraph.strip("\n"))
                yield Hostile(dialect, path.stem, number, sql)
