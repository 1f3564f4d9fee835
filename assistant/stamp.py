"""What the index was made from, kept beside it, so that drift is seen and a half-made index is known."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge.errors import IndexingError
from knowledge.files import write_atomically

FORMAT = 1


@dataclass(frozen=True)
class Stamp:
    """`data` is empty where nobody can tell whether the rows changed, as with a database server."""

    embedder: str
    schema: str
    knowledge: str
    data: str
    format: int = FORMAT

    def save(self, path: Path) -> None:
        write_atomically(path, json.dumps(asdict(self)))


def read_stamp(path: Path, index: Path) -> Stamp:
    """The stamp of a finished index. Raises IndexingError where there is none."""
    try:
        found = Stamp(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        if index.exists():
            raise IndexingError("The index was left unfinished; run `quarry index` to finish it.") from None
        raise IndexingError("There is no index yet; run `quarry index`.") from None
    except (ValueError, TypeError):
        raise IndexingError("The index's stamp is damaged; run `quarry index` to make it anew.") from None
    if found.format != FORMAT:
        raise IndexingError("The index was made by another version of Quarry; run `quarry index`.")
    return found


def hash_of_files(paths: list[Path]) -> str:
    """Changes when a file's content changes, or when one comes or goes."""
    digest = hashlib.sha256()
    for path in filter(Path.is_file, paths):
        digest.update(f"{path.name}:{path.stat().st_size}:".encode())
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()[:16]


def stamp_of_file(path: Path) -> str:
    """Changes when a database's file is written; the files beside it hold what is not yet in it."""
    found = [p.stat() for p in (path, path.with_name(f"{path.name}-wal")) if p.is_file()]
    return " ".join(f"{s.st_mtime_ns}:{s.st_size}" for s in found)
