"""Suites by their names, as a person types them."""

from collections.abc import Sequence
from pathlib import Path

from knowledge.errors import SettingsError
from knowledge.names import hint
from knowledge.yaml_file import shown_path

SUFFIXES = (".yaml", ".yml", ".json", ".jsonl", ".csv")


def find_suites(names: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """The files that `names` stand for, each once; all of `folder` where there are no names.

    A name is that of a suite in `folder` (dev), a glob over those names (dev*, *), a file or a folder; where
    it could be both, it is the suite. Raises SettingsError for one that stands for nothing.
    """
    found = [path for name in names or ("*",) for path in _found(name, folder)]
    return tuple(dict.fromkeys(path.resolve() for path in found))


def _found(name: str, folder: Path) -> list[Path]:
    given = Path(name).expanduser()
    if given.is_file():
        return [given]
    if given.is_dir() and not (given.name == name and _suites(folder, name)):
        return _suites(given, "*") or _none(f"The folder {shown_path(given)} holds no suite")
    home = folder if not given.is_absolute() and given.parent == Path() else given.parent
    typed = given.suffix in SUFFIXES
    inside = _suites(home, given.stem, (given.suffix,)) if typed else _suites(home, given.name)
    near = hint(given.stem if typed else given.name, [path.stem for path in _suites(folder, "*")])
    return inside or _none(f"There is no suite {name!r} in {shown_path(folder)}", near)


def _suites(folder: Path, stem: str, suffixes: Sequence[str] = SUFFIXES) -> list[Path]:
    """The suites of a folder by name, `stem` being a pattern for it. Our own YAML goes before other files."""
    found: dict[str, Path] = {}
    for suffix in suffixes:
        for path in sorted(folder.glob(f"{stem}{suffix}")):
            if path.is_file() and not path.name.startswith(".") and not path.stem.endswith("tables"):
                found.setdefault(path.stem, path)
    return [found[name] for name in sorted(found)]


def _none(why: str, near: str = "") -> list[Path]:
    raise SettingsError(f"{why}; {near or 'write it as NAME.yaml there, or name another one.'}")
