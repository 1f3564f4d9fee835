"""The demo workspace of the bench: made and indexed as a person would, kept while the demo stays the same."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from tests.bench.places import BUILD, QUARRY, ROOT

_SOURCE = ROOT / "assistant" / "demo"


def workspace(folder: Path = BUILD / "bench" / "demo") -> Path:
    """Raises CalledProcessError where `quarry init` or `quarry index` fails."""
    stamp, now = folder.with_suffix(".sha256"), _fingerprint(_SOURCE)
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != now:
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([QUARRY, "init", "--demo", str(folder)], check=True)
        stamp.write_text(now, encoding="ascii")
    subprocess.run([QUARRY, "index", "--workspace", str(folder)], check=True)
    return folder


def _fingerprint(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
