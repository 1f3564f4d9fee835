"""What drifted away from the database in a workspace, and what is left out for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.pairs import pairs_path, read_pairs
from evals.suite.case import load_suite
from knowledge.drift import Change, Known
from knowledge.errors import SettingsError
from knowledge.named import columns_of_sql
from knowledge.quarantine import Quarantine, Stale, because
from knowledge.sql_names import statement_problem
from knowledge.yaml_file import shown_path

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from knowledge.examples import Example

GONE = ("table gone", "column gone", "type changed")
_SLOT = re.compile(r"<\w+>")


@dataclass(frozen=True)
class Drift:
    """`changes` are those since the knowledge was last seen to hold; `renames` guesses old name -> new name.

    `closed` maps a table to the reason why answers from it are refused.
    """

    changes: tuple[Change, ...]
    renames: dict[str, str]
    stale: tuple[Stale, ...]
    closed: dict[str, str]

    def remedy(self, entry: Stale) -> str:
        """What to do about one entry."""
        if entry.kind == "pair":
            return "train a specialist for the schema of now with `quarry train`"
        if entry.kind == "release":
            return "score it again with `quarry release MODEL`"
        hints = [f"`{new}`" for old, new in self.renames.items() if self._is_about(entry, old)]
        if hints:
            return f"write {' and '.join(hints)} there, if that is the same thing under a new name"
        if entry.changed:
            return "see whether it still means what it should, then run `quarry drift --accept`"
        return "correct it, or remove it"

    def _is_about(self, entry: Stale, old: str) -> bool:
        """Whether an entry is left out for the sake of an old name: its reason says so, else its text."""
        causes = [change for change in self.changes if str(change) == entry.why]
        if causes:
            return causes[0].name == old
        return re.search(rf"\b{re.escape(old.rpartition('.')[2])}\b", entry.text) is not None


def look(workspace: "Workspace") -> Drift:
    """Hold all that names the database against it: knowledge, taught pairs, cases, the release."""
    quarantine = _complete(workspace)
    stale = [*quarantine.stale, *_pairs(workspace), *_cases(workspace), *_release(workspace)]
    return Drift(workspace.changes, dict(workspace.renames), tuple(stale), dict(quarantine.closed))


def left_out(workspace: "Workspace") -> str:
    """What of the knowledge is left out, as a sentence; empty where nothing is."""
    found = _complete(workspace)
    if not found.stale:
        return ""
    count = len(found.stale)
    entries = "One entry of the knowledge is" if count == 1 else f"{count} entries of the knowledge are"
    told = f"{entries} left out: the database does not have what is named there; see `quarry drift`."
    closed = (
        f" Answers from {', '.join(sorted(found.closed))} are refused until then." if found.closed else ""
    )
    return told + closed


def _complete(workspace: "Workspace") -> Quarantine:
    """After all that fills it was read."""
    _ = workspace.glossary, workspace.rules, workspace.examples
    return workspace.quarantine


def remember(workspace: "Workspace") -> None:
    """Keep the schema of now as the one that the knowledge holds for, unless something is left out."""
    if Known.load(workspace.known_path) is not None and (not workspace.changes or look(workspace).stale):
        return
    accept(workspace)


def accept(workspace: "Workspace") -> None:
    """Take the schema of now as the one that the knowledge holds for; unknown names stay left out."""
    Known.of(workspace.schema, workspace.profiles).save(workspace.known_path)


def fit(workspace: "Workspace", pairs: "tuple[Example, ...]") -> "tuple[Example, ...]":
    """The taught pairs that hold for the database as it is."""
    words = _words(workspace)
    if words is None:
        return pairs
    return tuple(pair for pair in pairs if not _problem(workspace, pair.sql, words))


def _words(workspace: "Workspace") -> re.Pattern[str] | None:
    """The names that are gone or changed, to look for before anything is parsed; None without any."""
    names = {c.column or c.table for c in workspace.changes if c.happened in GONE}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b", re.IGNORECASE) if names else None


def _problem(workspace: "Workspace", sql: str, words: re.Pattern[str]) -> str:
    if not words.search(sql):
        return ""
    return _problem_of(workspace, _SLOT.sub("'1'", sql))


def _problem_of(workspace: "Workspace", sql: str) -> str:
    """Why a statement does not hold for the database as it is; empty where it does."""
    if why := statement_problem(sql, workspace.schema):
        return because(why, sql, workspace.changes)
    changed = workspace.quarantine.changed(lambda: columns_of_sql(sql, workspace.schema))
    return str(changed[0]) if changed else ""


def _pairs(workspace: "Workspace") -> Iterator[Stale]:
    """One entry for the whole file of pairs: nobody mends them one by one."""
    path = pairs_path(workspace.folder / workspace.model_setting)
    words = _words(workspace)
    if words is None or not path.is_file():
        return
    pairs = read_pairs(path)
    wrong = [(n, why, p.sql) for n, p in enumerate(pairs, 1) if (why := _problem(workspace, p.sql, words))]
    if wrong:
        line, why, text = wrong[0]
        name = f"{len(wrong):,} of {len(pairs):,} taught pairs"
        yield Stale("pair", name, shown_path(path), line, why, text)


def _cases(workspace: "Workspace") -> Iterator[Stale]:
    for path in sorted((workspace.folder / "evals").glob("*.yaml")):
        try:
            cases = load_suite(path)
        except SettingsError as error:
            why = f"the suite cannot be read: {error}".rstrip(".")
            yield Stale("case", path.stem, shown_path(path), 0, why)
            continue
        for case in cases:
            if case.database:
                continue
            problems = [why for gold in case.golds if (why := _problem_of(workspace, gold))]
            if problems and len(problems) == len(case.golds):
                changed = any(
                    problems[0] == str(c) for c in workspace.changes if c.happened == "type changed"
                )
                yield Stale("case", case.id, case.file, case.line, problems[0], " ".join(case.golds), changed)


def _release(workspace: "Workspace") -> Iterator[Stale]:
    release = workspace.release
    if release is not None and release.card.schema_fingerprint not in ("", workspace.schema.fingerprint):
        why = "it was scored on another schema than the database has now; it goes on answering"
        yield Stale(
            "release",
            release.name,
            shown_path(workspace.registry.folder / "releases" / release.name / "card.json"),
            0,
            why,
        )
