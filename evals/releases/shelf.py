"""The releases as folders: r1, r2 ..., each with its card and its files, complete or not there at all."""

import datetime as dt
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from evals.releases.candidate import Candidate
from evals.releases.card import CARD, Card, card_of, read_card
from evals.releases.decision import Decision
from evals.releases.durable import sync_folder, write_durably
from evals.releases.incoming import check_file, copy_in
from evals.runs.info import Run
from knowledge.errors import ModelError

_INCOMING = ".incoming-"
_NAME = re.compile(r"r[1-9][0-9]*")


@dataclass(frozen=True)
class Release:
    """`model` is the file, or provider:name; `pairs` the questions with SQL that it was taught."""

    name: str
    model: Path | str
    pairs: Path | None
    card: Card


class Shelf:
    """The releases in `folder`, which need not exist yet; its parent takes what is being copied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> tuple[str, ...]:
        """Of all releases, those with a damaged card too, oldest first."""
        if not self.folder.is_dir():
            return ()
        found = [path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name)]
        return tuple(sorted(found, key=number))

    def get(self, name: str) -> Release:
        """Raises ModelError where there is no such release, or its card is damaged."""
        folder = self.folder / name
        if not _NAME.fullmatch(name) or not folder.is_dir():
            there = ", ".join(self.names()) or "there are none yet"
            raise ModelError(
                f"There is no release {name!r} ({there}); name one with `quarry rollback NAME`, "
                "or make one with `quarry release MODEL`."
            )
        card = read_card(folder)
        model = folder / card.model_file.name if card.model_file else card.model
        return Release(name, model, folder / card.pairs_file.name if card.pairs_file else None, card)

    def verify(self, release: Release) -> None:
        """Read its files and hold them against its card. Raises ModelError."""
        for file in release.card.files:
            check_file(release.name, self.folder / release.name / file.name, file)

    def add(
        self,
        name: str,
        candidate: Candidate,
        run: Run,
        decision: Decision,
        *,
        made: dt.datetime,
        base: str = "",
        base_run: str = "",
    ) -> None:
        """Copy a candidate into a folder of another name, read it back, and rename that.

        Raises ModelError where its files are no longer those that were scored, or cannot be copied.
        """
        try:
            self._clear()
            self.folder.mkdir(exist_ok=True)
            incoming = Path(tempfile.mkdtemp(prefix=_INCOMING, dir=self.folder.parent))
            try:
                model_file, pairs_file = copy_in(candidate, incoming)
                card = card_of(
                    name,
                    candidate.name,
                    run,
                    decision,
                    made=made,
                    base=base,
                    base_run=base_run,
                    training=candidate.training,
                    model_file=model_file,
                    pairs_file=pairs_file,
                )
                write_durably(incoming / CARD, card.model_dump_json(indent=2) + "\n")
                incoming.chmod(0o755)
                incoming.rename(self.folder / name)
            finally:
                shutil.rmtree(incoming, ignore_errors=True)
            sync_folder(self.folder)
        except OSError as error:
            raise ModelError(
                f"{candidate.name} cannot be copied to {self.folder} ({error.strerror or error}); "
                "mend that and run it again; nothing has changed."
            ) from None

    def _clear(self) -> None:
        """What killed copies left."""
        for folder in self.folder.parent.glob(f"{_INCOMING}*"):
            shutil.rmtree(folder, ignore_errors=True)


def number(name: str) -> int:
    """
    >>> number("r12")
    12
    """
    return int(name[1:])
