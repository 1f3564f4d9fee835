"""Where the database of a case is: an address, a file, or a template that holds for many of them."""

import os
import re
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from knowledge.errors import SettingsError
from knowledge.readonly.door import resolve

NAME = re.compile(r"\{(?:db_name|db_id)\}")
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_KEPT = "quarry_db_name"
_FILES = ("{0}/{0}.sqlite", "{0}.sqlite", "{0}/{0}.duckdb", "{0}.duckdb", "{0}/{0}.db", "{0}.db")


def located(database: str, folder: Path, name: str = "") -> str:
    """An SQLAlchemy URL or an absolute path; empty where `database` is.

    `{db_name}` (or `{db_id}`) stands for `name`, `${NAME}` for a variable of the environment; a file's path
    is relative to `folder`. Raises SettingsError.
    """
    if not database:
        return ""
    filled = _VARIABLE.sub(_variable, NAME.sub(lambda _: name, database))
    if "://" not in filled:
        return str((folder / Path(filled).expanduser()).resolve())
    try:
        url = make_url(filled)
    except (ArgumentError, ValueError):
        raise SettingsError(
            "`database` is not an address such as sqlite:///shop.sqlite; correct it"
        ) from None
    if url.drivername.split("+")[0] in {"sqlite", "duckdb"}:
        url = resolve(url, folder)
    return url.render_as_string(hide_password=False)


def template(database: str, folder: Path) -> str:
    """`located`, but `{db_name}` stays. Raises SettingsError."""
    return located(database, folder, _KEPT).replace(_KEPT, "{db_name}")


def database_file(folder: Path, name: str) -> Path | None:
    """The file of the database `name` below `folder`, in the layout of Spider and BIRD or all in one folder.

    None where there is none, or where the name is no plain one.
    """
    if Path(name).name != name:
        return None
    return next((path for shape in _FILES if (path := folder / shape.format(name)).is_file()), None)


def names_in(folder: Path) -> list[str]:
    """The names of the databases below `folder`."""
    if not folder.is_dir():
        return []
    return sorted(entry.stem for entry in folder.iterdir() if database_file(folder, entry.stem))


def _variable(found: re.Match[str]) -> str:
    value = os.environ.get(found[1])
    if value is None:
        raise SettingsError(f"`database` names ${{{found[1]}}}, which is not set; export it")
    return value
