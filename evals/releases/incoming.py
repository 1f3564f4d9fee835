"""Copying a candidate's files and checking a release's: nothing is taken for whole that was not read back."""

from pathlib import Path

from evals.releases.candidate import Candidate
from evals.releases.card import StoredFile
from evals.releases.checksum import copy_hashed, sha256
from knowledge.errors import ModelError


def copy_in(candidate: Candidate, folder: Path) -> tuple[StoredFile | None, StoredFile | None]:
    """Copy model and pairs into `folder` and read the copies back. (model, pairs), as they go on the card.

    Raises ModelError where a file is no longer the one that was scored, OSError where it cannot be copied.
    """
    if not isinstance(candidate.model, Path):
        return None, None
    model = _copy(candidate.model, candidate.checksum, folder)
    pairs = _copy(candidate.pairs, candidate.pairs_checksum, folder) if candidate.pairs else None
    return model, pairs


def check_file(release: str, path: Path, file: StoredFile) -> None:
    """Hold a file of a release against its card. Raises ModelError."""
    remedy = "go back with `quarry rollback`, or release its model again with `quarry release MODEL`"
    try:
        size = path.stat().st_size if path.is_file() else None
        if size is None:
            raise ModelError(f"{file.name} of the release {release} is missing; {remedy}.")
        if size != file.size:
            raise ModelError(
                f"{file.name} of the release {release} was cut short or changed "
                f"({size:,} bytes, {file.size:,} were released); {remedy}."
            )
        if sha256(path) != file.sha256:
            raise ModelError(
                f"{file.name} of the release {release} was changed after it was released "
                f"(its SHA-256 is another); {remedy}."
            )
    except OSError as error:
        raise ModelError(
            f"{file.name} of the release {release} cannot be read ({error.strerror}); {remedy}."
        ) from None


def _copy(source: Path, scored: str, folder: Path) -> StoredFile:
    target = folder / source.name
    if copy_hashed(source, target) != scored:
        raise ModelError(
            f"{source.name} changed while its suites ran; score it anew with `quarry release {source.name}`."
        )
    if sha256(target) != scored:
        raise ModelError(
            f"The copy of {source.name} is not what was written; check the disk of {folder.parent}, "
            "and release it again."
        )
    return StoredFile(name=target.name, sha256=scored, size=target.stat().st_size)
