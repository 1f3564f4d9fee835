"""SHA-256 of files."""

import hashlib
import os
from pathlib import Path

_CHUNK = 1 << 20


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_hashed(source: Path, target: Path) -> str:
    """Copy a file with its time, wait until it is on the disk, and give the SHA-256 of what was read.

    Raises OSError.
    """
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("xb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    written = source.stat()
    os.utime(target, ns=(written.st_atime_ns, written.st_mtime_ns))
    return digest.hexdigest()
