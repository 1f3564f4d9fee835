"""Reading a turn's record as it was kept: what came from a model or a file may be anything."""

from typing import Any


def dicts(record: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The entries under a key that are what they should be."""
    found = record.get(key)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list | tuple) else []
