"""The figures on the terminal and in .build/bench.json."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.bench.row import Row, told

_MET = {None: Text(""), True: Text("met", style="green"), False: Text("not met", style="bold red")}


def show(console: Console, title: str, rows: Sequence[Row]) -> None:
    table = Table("", "figure", "p95", "goal", "", title=title, title_justify="left", title_style="bold")
    for column in table.columns[1:4]:
        column.justify = "right"
    for row in rows:
        goal = "" if row.goal is None else f"\u2264 {told(row.goal, row.unit)}"
        table.add_row(row.what, told(row.value, row.unit), told(row.p95, row.unit), goal, _MET[row.met])
    console.print(table)
    notes = [row.note for row in rows if row.note]
    if any(row.p95 is not None for row in rows):
        notes.append("A figure with a 95th percentile is a median.")
    console.print(Text(" ".join(notes), style="dim"), end="\n\n" if notes else "\n")


def save(path: Path, part: str, rows: Sequence[Row], machine: dict[str, Any]) -> None:
    """Replace one part's figures and keep those of the others."""
    parts = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    parts[part] = {
        "measured": time.strftime("%Y-%m-%d %H:%M:%S"),
        "machine": machine,
        "rows": [row.to_json() for row in rows],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(parts, indent=2) + "\n", encoding="utf-8")
