"""The tables: each subject in twenty kinds, from the staging area to archives and regional copies."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

COLUMNS = 20
ROWS = 5

KINDS: dict[str, tuple[str, str]] = {
    "main": ("{kind}_{name}", ""),
    "staging": ("stg_{name}", "as delivered by the source system, not yet cleaned"),
    "history": ("{name}_hist", "history of changes, one row for each version"),
    "daily": ("{name}_snap_dly", "daily snapshot"),
    "weekly": ("agg_{name}_wkly", "totals by week"),
    "monthly": ("agg_{name}_mthly", "totals by month"),
    "emea": ("{kind}_{name}_emea", "Europe, Middle East and Africa only"),
    "apac": ("{kind}_{name}_apac", "Asia and Pacific only"),
    "amer": ("{kind}_{name}_amer", "North America only"),
    "latam": ("{kind}_{name}_latam", "Latin America only"),
    "archive 2019": ("{name}_arch_2019", "archive of 2019"),
    "archive 2020": ("{name}_arch_2020", "archive of 2020"),
    "archive 2021": ("{name}_arch_2021", "archive of 2021"),
    "budget": ("{name}_bdgt", "budgeted figures"),
    "forecast": ("{name}_fcst", "forecast figures"),
    "audit": ("{name}_adt", "audit trail: who changed what"),
    "rejected": ("{name}_rjct", "rows that failed validation"),
    "second": ("{kind}_{name}_v2", ""),
    "backup": ("{kind}_{name}_bak", ""),
    "mapping": ("map_{name}", "identifiers of other systems"),
}
"""Kind of table -> its name and its comment."""

_OTHERS = (
    *(
        "src_sys_cd",
        "btch_id",
        "ld_ts",
        "crt_ts",
        "upd_ts",
        "crt_usr_nm",
        "upd_usr_nm",
        "row_hsh",
        "is_curr_flg",
    ),
    *(
        "vld_from_dt",
        "vld_to_dt",
        "del_flg",
        "dq_scr",
        "ext_ref_no",
        "lgl_ent_cd",
        "ccy_cd",
        "lang_cd",
        "note_txt",
    ),
)
_TEXTS = ("alpha", "beta", "gamma", "delta", "omega")


@dataclass(frozen=True)
class Subject:
    name: str
    say: str
    kind: str
    measures: Mapping[str, str]
    attributes: Mapping[str, str]
    parents: tuple[str, ...]

    def table(self, kind: str = "main") -> str:
        return KINDS[kind][0].format(kind=self.kind, name=self.name)


@dataclass(frozen=True)
class Warehouse:
    """`statements` make it, in order; `tables` are the names that they make."""

    subjects: tuple[Subject, ...]
    kinds: tuple[str, ...]
    statements: tuple[str, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(subject.table(kind) for kind in self.kinds for subject in self.subjects)


def warehouse(tables: int = 1000, *, seed: int = 0) -> Warehouse:
    """About so many tables of `COLUMNS` columns: all subjects, in as many kinds as that takes."""
    subjects = tuple(map(_subject, yaml.safe_load(_SUBJECTS.read_text(encoding="utf-8"))))
    kinds = tuple(KINDS)[: max(1, tables // len(subjects))]
    chance = random.Random(seed)
    made = [
        text for kind in kinds for subject in _in_order(subjects) for text in _made(subject, kind, chance)
    ]
    return Warehouse(subjects, kinds, tuple(made))


def _subject(given: dict[str, object]) -> Subject:
    return Subject(**{**given, "parents": tuple(given["parents"])})  # type: ignore[arg-type]


def _in_order(subjects: tuple[Subject, ...]) -> Iterator[Subject]:
    """Parents first."""
    done: set[str] = set()
    left = list(subjects)
    while left:
        ready = [subject for subject in left if done.issuperset(subject.parents)]
        yield from ready
        done.update(subject.name for subject in ready)
        left = [subject for subject in left if subject.name not in done]


def _made(subject: Subject, kind: str, chance: random.Random) -> Iterator[str]:
    table, comment = subject.table(kind), KINDS[kind][1]
    columns = [f"{subject.name}_id bigint PRIMARY KEY"]
    for parent in subject.parents:
        target = "dim" if parent in _DIMENSIONS else "fct"
        points = f" REFERENCES {target}_{parent} ({parent}_id)" if kind == "main" else ""
        columns.append(f"{parent}_id bigint NOT NULL{points}")
    columns += [f"{name} numeric(14, 2)" for name in subject.measures]
    columns += [f"{name} {'date' if name.endswith('_dt') else 'varchar(40)'}" for name in subject.attributes]
    others = chance.sample(_OTHERS, COLUMNS - len(columns))
    columns += [f"{name} {_type(name)}" for name in others]
    yield f"CREATE TABLE {table} ({', '.join(columns)})"
    about = f"{subject.say[:1].upper()}{subject.say[1:]}"
    if kind == "main" or (comment and chance.random() < 0.5):
        yield f"COMMENT ON TABLE {table} IS '{about}{f': {comment}' if comment else ''}.'"
    if kind == "main":
        said = {**subject.measures, **subject.attributes}
        yield from (f"COMMENT ON COLUMN {table}.{name} IS '{text}'" for name, text in said.items())
    rows = (_row(columns, place, chance) for place in range(1, ROWS + 1))
    yield f"INSERT INTO {table} VALUES {', '.join(rows)}"


def _row(columns: list[str], place: int, chance: random.Random) -> str:
    return f"({', '.join(_cell(column.split()[1], place, chance) for column in columns)})"


def _cell(kind: str, place: int, chance: random.Random) -> str:
    if kind == "bigint":
        return str(place)
    if kind.startswith("numeric"):
        return f"{chance.random() * 1000:.2f}"
    if kind == "date":
        return f"'2025-0{place}-15'"
    return f"'2025-0{place}-15 10:00'" if kind == "timestamp" else f"'{chance.choice(_TEXTS)}'"


def _type(name: str) -> str:
    endings = {"_ts": "timestamp", "_dt": "date", "_id": "bigint", "_scr": "numeric(6,2)"}
    return next((kind for ending, kind in endings.items() if name.endswith(ending)), "varchar(40)")


_SUBJECTS = Path(__file__).parent / "subjects.yaml"
_DIMENSIONS = frozenset(
    one["name"] for one in yaml.safe_load(_SUBJECTS.read_text(encoding="utf-8")) if one["kind"] == "dim"
)
