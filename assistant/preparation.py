"""From the database and the knowledge to the index: what `quarry index` does, and whether it must."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from assistant.stamp import Stamp, hash_of_files, read_stamp, stamp_of_file
from knowledge.embedder import MiniLM
from knowledge.errors import IndexingError

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from knowledge.index import Item, Kind

Report = Callable[[str], None]
KINDS: "tuple[Kind, ...]" = ("card", "term", "example", "pair")


def prepare(workspace: "Workspace", report: Report) -> str:
    """Bring profiles, values and index up to date and say what was done. A stopped run is taken up again."""
    stamp, now = stamp_path(workspace), present_stamp(workspace)
    if now.data and _known(workspace) == now:
        return "Nothing has changed since the last index."
    from knowledge.cards import cards
    from knowledge.profile import profile
    from knowledge.values import Values

    schema, database = workspace.schema, workspace.database
    glossary, rules, examples = workspace.glossary, workspace.rules, workspace.examples
    stamp.unlink(missing_ok=True)
    workspace.index_path.mkdir(parents=True, exist_ok=True)
    report(f"Looking at the data of {len(schema.tables)} tables")
    profiles = profile(database, schema)
    profiles.save(workspace.profiles_path)
    report("Collecting the values that questions may name")
    forbidden = frozenset(_split(name) for rule in rules for name in rule.forbid)
    Values.build(database, schema, profiles, glossary, skip=forbidden).save(workspace.values_path)
    changes = [
        _sync(workspace, "card", cards(schema, profiles, glossary), report),
        _sync(workspace, "term", glossary, report),
        _sync(workspace, "example", examples, report),
        _sync(workspace, "pair", workspace.pairs, report),
    ]
    now.save(stamp)
    return f"The index is ready: {', '.join(changes)}."


def _sync(workspace: "Workspace", kind: "Kind", items: "Sequence[Item]", report: Report) -> str:
    """Bring one kind up to date and say how much changed."""
    from knowledge.retrieve import shape_of

    def progress(done: int, total: int) -> None:
        if done < total:
            report(f"Indexing {kind}s, {done:,} of {total:,}")

    report(f"Indexing {len(items):,} {kind}s")
    changed = workspace.index.sync(
        kind,
        items,
        text=shape_of(workspace.linker) if kind in ("example", "pair") else None,
        progress=progress,
    )
    return f"{len(items):,} {kind}s ({changed:,} changed)"


def check_index(workspace: "Workspace") -> None:
    """Raise IndexingError where the index is missing, unfinished, or older than what it was made from."""
    found, now = read_stamp(stamp_path(workspace), workspace.index_path), present_stamp(workspace)
    if found.embedder != now.embedder:
        raise IndexingError(
            f"The index was made by another embedder ({found.embedder}); run `quarry index` to make it anew."
        )
    if found.schema != now.schema:
        raise IndexingError("The database's tables changed since the index was made; run `quarry index`.")
    for kind in KINDS:
        workspace.index.check(kind)


def drift(workspace: "Workspace") -> str:
    """What changed since the index was made and does no harm but to the answers; empty where nothing did."""
    found, now = read_stamp(stamp_path(workspace), workspace.index_path), present_stamp(workspace)
    if found.knowledge != now.knowledge:
        return "The knowledge changed since the index was made; run `quarry index` to use it."
    if found.data != now.data:
        return "The data changed since the index was made; run `quarry index` to know its new values."
    return ""


def present_stamp(workspace: "Workspace") -> Stamp:
    return Stamp(
        embedder=MiniLM.id,
        schema=workspace.schema.fingerprint,
        knowledge=hash_of_files(workspace.knowledge_paths),
        data=_data_stamp(workspace),
    )


def stamp_path(workspace: "Workspace") -> Path:
    return workspace.state / "stamp.json"


def _known(workspace: "Workspace") -> Stamp | None:
    try:
        return read_stamp(stamp_path(workspace), workspace.index_path)
    except IndexingError:
        return None


def _data_stamp(workspace: "Workspace") -> str:
    if workspace.database.dialect not in {"sqlite", "duckdb"}:
        return ""
    path = make_url(workspace.database.url).database or ""
    return stamp_of_file(workspace.folder / path)


def _split(full_name: str) -> tuple[str, str]:
    table, _, column = full_name.rpartition(".")
    return table, column
