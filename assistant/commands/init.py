"""`quarry init`: make a workspace."""

import os
import re
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from knowledge.errors import SettingsError

FILE = "quarry.toml"
DEMO_DATABASE = "kestrel.sqlite"


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make; it may exist.")],
    demo: Annotated[
        bool, typer.Option("--demo", help="Make the demo company: a coffee retailer, with its database.")
    ] = False,
    database: Annotated[
        str,
        typer.Option(
            help="SQLAlchemy URL of your database, as in sqlite:///shop.sqlite (relative to the folder)."
        ),
    ] = "",
) -> None:
    """Make a workspace: quarry.toml, knowledge/*.yaml and evals/*.yaml. Nothing is ever overwritten."""
    if demo and database:
        raise typer.BadParameter("--demo brings its own database; leave out one of --demo and --database.")
    if (folder / FILE).exists():
        raise SettingsError(f"{folder / FILE} exists already; name another folder, or edit that file.")
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"{folder} is a file; name a folder.")
    settings = "" if demo else _settings(folder, database)
    try:
        kept = (
            _copy("assistant.demo", "workspace", folder) if demo else _copy("assistant", "skeleton", folder)
        )
        if demo:
            _make_demo_database(folder / DEMO_DATABASE)
            with as_file(files("assistant.demo") / "workspace" / FILE) as source:
                settings = source.read_text(encoding="utf-8")
        _write(folder / FILE, settings.encode())
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written ({error.strerror}); name another folder.") from None
    for path in kept:
        print(f"Kept {path}, which was there already.")
    print(f"Made the workspace {folder}.")
    if demo or database:
        print(f"Next: quarry index --workspace {folder}")
    else:
        print(f"Next: set database and model in {folder / FILE}, then run quarry doctor --workspace {folder}")


def _settings(folder: Path, database: str) -> str:
    """The skeleton's settings with the database filled in, once it has been seen to open."""
    with as_file(files("assistant") / "skeleton" / FILE) as source:
        text = source.read_text(encoding="utf-8")
    if not database:
        return text
    from assistant.settings import make_settings
    from assistant.workspace import open_database

    open_database(folder, make_settings({"database": database})).close()
    escaped = database.replace("\\", "\\\\").replace('"', '\\"')
    return re.sub(r'(?m)^database = ""$', lambda _: f'database = "{escaped}"', text)


def _copy(package: str, name: str, folder: Path) -> list[Path]:
    """Copy all but quarry.toml, which is written last: its presence says that the workspace is whole."""
    kept = []
    with as_file(files(package) / name) as source:
        for path in sorted(source.rglob("*")):
            relative = path.relative_to(source)
            if not path.is_file() or relative.name == FILE or "__pycache__" in relative.parts:
                continue
            target, content = folder / relative, path.read_bytes()
            if not target.exists():
                _write(target, content)
            elif target.read_bytes() != content:
                kept.append(target)
    if not (folder / ".gitignore").exists():
        _write(folder / ".gitignore", b".quarry/\n")
    return kept


def _write(path: Path, content: bytes) -> None:
    """All or nothing, so that a stopped `init` leaves no half file behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


def _make_demo_database(path: Path) -> None:
    if path.exists():
        return
    from assistant.demo.generate import generate

    print("Making the demo company's database, some 10 seconds ...", flush=True)
    generate(path)
