"""Which release answers, and which ones it was switched from: one small file, replaced at once."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.releases.durable import write_durably
from knowledge.errors import ModelError


@dataclass(frozen=True)
class Pointer:
    """`release` answers; an empty name is the model of quarry.toml. `before` are the ones that answered
    before it, oldest first: a rollback goes back along them.
    """

    release: str = ""
    before: tuple[str, ...] = ()

    def on_to(self, release: str) -> "Pointer":
        return Pointer(release, (*self.before, self.release))

    def back(self) -> "Pointer | None":
        """Without anything before, None."""
        return Pointer(self.before[-1], self.before[:-1]) if self.before else None

    def back_to(self, release: str) -> "Pointer":
        """Along what was before, where the release is among it; else one on to it."""
        if release not in self.before:
            return self.on_to(release)
        place = len(self.before) - 1 - self.before[::-1].index(release)
        return Pointer(release, self.before[:place])

    def save(self, path: Path) -> None:
        write_durably(path, json.dumps(asdict(self)) + "\n")


def read_pointer(path: Path) -> Pointer:
    """Raises ModelError where it is damaged; where there is none, nothing was ever released."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        release, before = said["release"], tuple(said["before"])
        if not all(isinstance(name, str) for name in (release, *before)):
            raise TypeError
    except FileNotFoundError:
        return Pointer()
    except (ValueError, KeyError, TypeError, OSError):
        raise ModelError(
            f"{path} does not tell which release answers; name one with `quarry rollback NAME`."
        ) from None
    return Pointer(release, before)
