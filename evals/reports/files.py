"""Report files: known to be writable before a long run begins, and written whole."""

from pathlib import Path

from knowledge.errors import QuarryError


class ReportError(QuarryError):
    """A report cannot be written where it is wanted."""


def check_writable(path: Path) -> None:
    """Raises ReportError; leaves no file behind."""
    existed = path.exists()
    try:
        with path.open("ab"):
            pass
        if not existed:
            path.unlink()
    except OSError as error:
        raise _unwritable(path, error) from None


def write(path: Path, content: str | bytes) -> None:
    """Put the report in its place at once, so that nobody reads half of it. Raises ReportError."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    half = path.with_name(f".{path.name}.part")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        half.write_bytes(data)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> ReportError:
    reason = error.strerror or type(error).__name__
    return ReportError(f"The report cannot be written to {path} ({reason}); name another file.")
