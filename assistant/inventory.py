"""What models a workspace has: its releases, and the files that could become one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.releases.checksum import sha256
from evals.releases.history import Happened
from evals.releases.registry import TOML, Registry, Release
from knowledge.errors import ModelError

_FOLDERS = ("models", ".quarry/models")


@dataclass(frozen=True)
class Listed:
    """A release, with its score where its card can be read. `problem` says why it cannot answer."""

    name: str
    answers: bool
    model: str = ""
    made: str = ""
    right: float = 0.0
    scored: int = 0
    low: float = 0.0
    high: float = 1.0
    wrong_presented: float = 0.0
    verdict: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Unreleased:
    """A model file that is no release; `last` tells what the gate said of it, and when."""

    path: str
    size: int
    last: str = ""


@dataclass(frozen=True)
class Inventory:
    """`says` tells which model answers, or why none can."""

    says: str
    releases: tuple[Listed, ...]
    candidates: tuple[Unreleased, ...]


def take_inventory(registry: Registry, folder: Path, setting: str) -> Inventory:
    """Every file of every release is read and checked. `setting` is the model of quarry.toml."""
    try:
        now = registry.current()
        says = (
            f"{now.name} ({now.card.model}) answers."
            if now
            else f"{TOML[0].upper()}{TOML[1:]} answers: {setting}"
        )
    except ModelError as error:
        now, says = None, str(error)
    releases = tuple(_listed(registry, name, now) for name in registry.names())
    return Inventory(says, releases, tuple(_unreleased(registry, folder)))


def _listed(registry: Registry, name: str, now: Release | None) -> Listed:
    answers = now is not None and now.name == name
    try:
        release = registry.get(name)
    except ModelError as error:
        return Listed(name, answers, problem=str(error))
    card, problem = release.card, ""
    try:
        registry.verify(release)
    except ModelError as error:
        problem = str(error)
    return Listed(
        name=name,
        answers=answers,
        model=card.model,
        made=card.made.isoformat(timespec="seconds"),
        right=card.total.right,
        scored=card.total.scored,
        low=card.total.low,
        high=card.total.high,
        wrong_presented=card.total.wrong_presented,
        verdict=card.reasons[0] if card.reasons else "",
        problem=problem,
    )


def _unreleased(registry: Registry, folder: Path) -> Iterator[Unreleased]:
    files = [one.card.model_file for one in registry.releases()]
    released = {(file.size, file.sha256) for file in files if file}
    sizes = {size for size, _ in released}
    last = {
        event.model: f"{event.happened.value} {event.when:%Y-%m-%d}"
        for event in registry.history()
        if event.happened in (Happened.REFUSED, Happened.TOO_SMALL)
    }
    for place in _FOLDERS:
        for path in sorted((folder / place).glob("*.gguf")):
            size = path.stat().st_size
            if size not in sizes or (size, sha256(path)) not in released:
                yield Unreleased(str(path.relative_to(folder)), size, last.get(path.name, ""))
