"""From the database and the knowledge to the index: what `quarry index` does, and whether it must."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from assistant.drift import remember
from assistant.pairs import pairs_path
from assistant.stamp import Stamp, hash_of_files, read_stamp, stamp_of_file
from knowledge.embedder import MiniLM
from knowledge.errors import IndexingError
from knowledge.index import pair_kind

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from knowledge.index import Item, Kind
    from knowledge.profile import Profiles
    from knowledge.schema import Schema

Report = Callable[[str], None]
KINDS = ("card", "term", "example")
MOST_TOLD = 5


def prepare(workspace: "Workspace", report: Report) -> str:
    """Bring profiles, values and index up to date and say what was done. A stopped run is taken up again."""
    now = present_stamp(workspace)
    if now.data and _known(workspace) == now:
        said = _prepare_pairs(workspace, report)
        remember(workspace)
        return said
    return _prepare(workspace, report, now, looked_at=None)


def follow_schema(workspace: "Workspace", report: Report | None = None) -> None:
    """Bring the index up to date where the schema changed since it was made; only what changed is looked at.

    Raises IndexingError where there is no whole index to begin with.
    """
    from filelock import FileLock

    tell = report or _to_stderr
    if _schema_differs(workspace):
        with FileLock(workspace.state / "index.lock"):
            if _schema_differs(workspace):
                tell("The database's tables changed; bringing the index up to date ...")
                before = _profiles_before(workspace)
                _prepare(workspace, lambda doing: None, present_stamp(workspace), looked_at=before)
                tell("The index is up to date.")
    check_index(workspace)


def follow_examples(workspace: "Workspace") -> None:
    """Bring the index up to date with examples.yaml alone: a second's work, and nobody has to wait."""
    from filelock import FileLock

    with FileLock(workspace.state / "index.lock"):
        _sync(workspace, "example", workspace.examples, lambda doing: None)
        path = stamp_path(workspace)
        replace(read_stamp(path, workspace.index_path), knowledge=present_stamp(workspace).knowledge).save(
            path
        )


def _schema_differs(workspace: "Workspace") -> bool:
    stamp = read_stamp(stamp_path(workspace), workspace.index_path)
    return stamp.embedder == MiniLM.id and stamp.schema != workspace.schema.fingerprint


def _profiles_before(workspace: "Workspace") -> "Profiles | None":
    from knowledge.profile import Profiles

    try:
        return Profiles.from_json(workspace.profiles_path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr)


def _prepare(workspace: "Workspace", report: Report, now: Stamp, looked_at: "Profiles | None") -> str:
    """Profiles, values and index anew; the tables of `looked_at` that have the same columns keep theirs."""
    stamp = stamp_path(workspace)
    from knowledge.cards import cards
    from knowledge.values import Values

    schema, database = workspace.schema, workspace.database
    glossary, rules, examples = workspace.glossary, workspace.rules, workspace.examples
    stamp.unlink(missing_ok=True)
    workspace.index_path.mkdir(parents=True, exist_ok=True)
    report(f"Looking at the data of {len(schema.tables)} tables")
    profiles = _profiled(workspace, looked_at)
    profiles.save(workspace.profiles_path)
    schema = _with_found_keys(workspace, profiles, report)
    report("Collecting the values that questions may name")
    forbidden = frozenset(_split(name) for rule in rules for name in rule.forbid)
    Values.build(database, schema, profiles, glossary, skip=forbidden).save(workspace.values_path)
    changes = [
        _sync(workspace, "card", cards(schema, profiles, glossary), report),
        _sync(workspace, "term", glossary, report),
        _sync(workspace, "example", examples, report),
    ]
    if workspace.pair_kind:
        changes.append(_sync(workspace, workspace.pair_kind, workspace.pairs, report))
    workspace.index.keep({*KINDS, *_pair_kinds(workspace)})
    now.save(stamp)
    workspace.__dict__["profiles"] = profiles
    remember(workspace)
    return f"The index is ready: {', '.join(changes)}."


def _with_found_keys(workspace: "Workspace", profiles: "Profiles", report: Report) -> "Schema":
    """The workspace's schema with the keys that the database does not declare."""
    from knowledge.inferred_keys import infer_keys, save_keys, with_keys
    from knowledge.patterns import Patterns

    patterns = Patterns.load(workspace.patterns_path)
    keys = infer_keys(workspace.database, workspace.schema, profiles, patterns.joins if patterns else ())
    save_keys(workspace.keys_path, workspace.schema, keys)
    schema = with_keys(workspace.database.schema(workspace.settings.exclude), keys)
    workspace.__dict__["schema"] = schema
    if keys:
        told = ", ".join(f"{key.table}.{key.columns[0]} to {key.to_table}" for key in keys[:MOST_TOLD])
        report(f"Found {len(keys)} keys that are not declared: {told}{', ...' * (len(keys) > MOST_TOLD)}")
    return schema


def _profiled(workspace: "Workspace", before: "Profiles | None") -> "Profiles":
    """Of every table; from `before` where the table is as it was known."""
    from knowledge.profile import Profiles, profile

    schema, known = workspace.schema, workspace.known
    kept = {}
    for table in schema.tables:
        old = before.tables.get(table.name) if before is not None else None
        was = known.tables.get(table.name) if known is not None else None
        types = {name: column.type for name, column in was.items()} if was is not None else {}
        if old is not None and types == {column.name: column.type for column in table.columns}:
            kept[table.name] = old
    fresh = replace(schema, tables=tuple(t for t in schema.tables if t.name not in kept))
    looked = profile(workspace.database, fresh).tables
    return Profiles(schema.fingerprint, {t.name: (kept | looked)[t.name] for t in schema.tables})


def _pair_kinds(workspace: "Workspace") -> set[str]:
    """Of the models that answer or may answer again after a rollback."""
    models = [workspace.model_setting, workspace.settings.model]
    models += [str(release.model) for release in workspace.registry.releases()]
    paths = {pairs_path(workspace.folder / model) for model in models}
    return {pair_kind(path.read_bytes()) for path in paths if path.is_file()}


def _prepare_pairs(workspace: "Workspace", report: Report) -> str:
    """What another model than the one before was taught."""
    kind = workspace.pair_kind
    if not kind or workspace.index.holds(kind):
        return "Nothing has changed since the last index."
    return f"The index is ready: {_sync(workspace, kind, workspace.pairs, report)}."


def _sync(workspace: "Workspace", kind: "Kind", items: "Sequence[Item]", report: Report) -> str:
    """Bring one kind up to date and say how much changed."""
    from knowledge.retrieve import shape_of

    name = kind.partition("-")[0]

    def progress(done: int, total: int) -> None:
        if done < total:
            report(f"Indexing {name}s, {done:,} of {total:,}")

    report(f"Indexing {len(items):,} {name}s")
    changed = workspace.index.sync(
        kind,
        items,
        text=shape_of(workspace.linker) if name in ("example", "pair") else None,
        progress=progress,
    )
    return f"{len(items):,} {name}s ({changed:,} changed)"


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
    if workspace.pair_kind and not workspace.index.holds(workspace.pair_kind):
        raise IndexingError(
            f"The index does not know what {workspace.model_setting} was taught; run `quarry index`."
        )


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


def data_fingerprint(workspace: "Workspace", *, servers: bool = False) -> str:
    """Changes when the schema or a row does. Empty for a database server, unless `servers`: then every row
    there is read.
    """
    if _database_file(workspace) is None and not servers:
        return ""
    from evals.variants.fingerprint import fingerprint

    return fingerprint(workspace.database.url, workspace.database, workspace.schema)


def _data_stamp(workspace: "Workspace") -> str:
    path = _database_file(workspace)
    return stamp_of_file(path) if path else ""


def _database_file(workspace: "Workspace") -> Path | None:
    if workspace.database.dialect not in {"sqlite", "duckdb"}:
        return None
    return workspace.folder / (make_url(workspace.database.url).database or "")


def _split(full_name: str) -> tuple[str, str]:
    table, _, column = full_name.rpartition(".")
    return table, column
