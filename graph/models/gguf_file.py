"""The head of a GGUF file, read before llama.cpp sees it: damage is an error here and a crash there."""

import mmap
import struct
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import ModelError

# value type -> struct format; 8 is a string, 9 an array
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9

# tensor type -> (elements in a block, bytes of a block)
_BLOCKS = {
    0: (1, 4),
    1: (1, 2),
    2: (32, 18),
    3: (32, 20),
    6: (32, 22),
    7: (32, 24),
    8: (32, 34),
    9: (32, 40),
    10: (256, 84),
    11: (256, 110),
    12: (256, 144),
    13: (256, 176),
    14: (256, 210),
    15: (256, 292),
    16: (256, 66),
    17: (256, 74),
    18: (256, 98),
    19: (256, 50),
    20: (32, 18),
    21: (256, 110),
    22: (256, 82),
    23: (256, 136),
    24: (1, 1),
    25: (1, 2),
    26: (1, 4),
    27: (1, 8),
    28: (1, 8),
    29: (256, 56),
    30: (1, 2),
    34: (256, 54),
    35: (256, 66),
    39: (32, 17),
}
_NEEDED = ("general.architecture", "tokenizer.ggml.model", "tokenizer.ggml.tokens")
_MOST = 1 << 32


@dataclass(frozen=True)
class GGUFFile:
    """Metadata without its long arrays (their length stands in their place), and the size of the file."""

    path: Path
    size: int
    metadata: dict[str, object] = field(default_factory=dict)

    @property
    def format(self) -> str:
        """How to prompt the model: 'specialist' where the file says so, else 'chat'."""
        return "specialist" if self.metadata.get("quarry.format") == "specialist" else "chat"

    @property
    def recovers(self) -> bool:
        """Whether it can be told what was wrong: every chat model, and a specialist that learnt it."""
        return self.format == "chat" or self.metadata.get("quarry.recovers") == "yes"

    @property
    def follows(self) -> bool:
        """Whether it goes by an example in its prompt, and edits the statement of a turn before."""
        return self.format == "chat" or self.metadata.get("quarry.follows") == "yes"

    @property
    def senses(self) -> str:
        """What a specialist reads senses with, as `graph.senses` writes it; empty where it has none."""
        return str(self.metadata.get("quarry.senses", ""))

    @property
    def context(self) -> int:
        """The tokens that the model was trained to keep in view; beyond them it goes astray."""
        return self._number("context_length", 1 << 20)

    def context_bytes(self, context: int) -> int:
        """About what the key-value cache takes at 16 bits a number."""
        layers, width = self._number("block_count", 32), self._number("embedding_length", 4096)
        heads = max(1, self._number("attention.head_count", 32))
        width = width // heads * self._number("attention.head_count_kv", heads)
        return 4 * layers * width * context

    def _number(self, key: str, default: int) -> int:
        value = self.metadata.get(f"{self.metadata.get('general.architecture')}.{key}")
        return value if isinstance(value, int) else default


def read_gguf(path: Path) -> GGUFFile:
    """Read and check a file's head. Raises ModelError: missing, not a GGUF, truncated, damaged."""
    if not path.is_file():
        raise ModelError(
            f"There is no model file at {path}; set `model` in quarry.toml to a GGUF file that exists."
        )
    size = path.stat().st_size
    if size < 24:
        raise ModelError(f"{path.name} is not a GGUF file; set `model` in quarry.toml to one.")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:4] != b"GGUF":
            raise ModelError(f"{path.name} is not a GGUF file; set `model` in quarry.toml to one.")
        try:
            return _read(path, size, data)
        except (struct.error, UnicodeDecodeError, _DamagedError) as error:
            raise ModelError(f"{path.name} is truncated or damaged; copy or download it again.") from error


class _DamagedError(Exception):
    pass


class _Cursor:
    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self.at = 4

    def number(self, form: str) -> int | float | bool:
        value: int | float | bool = struct.unpack_from("<" + form, self._data, self.at)[0]
        self.at += struct.calcsize("<" + form)
        return value

    def count(self) -> int:
        value = int(self.number("Q"))
        if value > _MOST:
            raise _DamagedError
        return value

    def text(self) -> str:
        length = self.count()
        if self.at + length > len(self._data):
            raise _DamagedError
        self.at += length
        return self._data[self.at - length : self.at].decode("utf-8")

    def value(self, kind: int) -> object:
        if kind == _STRING:
            return self.text()
        if kind == _ARRAY:
            return self._array()
        if kind not in _SCALARS:
            raise _DamagedError
        return self.number(_SCALARS[kind])

    def _array(self) -> int:
        kind, length = int(self.number("I")), self.count()
        if kind in _SCALARS:
            self.at += length * struct.calcsize("<" + _SCALARS[kind])
        elif kind == _STRING:
            for _ in range(length):
                width = self.count()
                self.at += width
                if self.at > len(self._data):
                    raise _DamagedError
        else:
            raise _DamagedError
        if self.at > len(self._data):
            raise _DamagedError
        return length


def _read(path: Path, size: int, data: mmap.mmap) -> GGUFFile:
    cursor = _Cursor(data)
    version = cursor.number("I")
    if version not in (2, 3):
        raise ModelError(f"{path.name} is a GGUF of version {version}, which is not known; convert it again.")
    tensors, keys = cursor.count(), cursor.count()
    metadata: dict[str, object] = {}
    for _ in range(keys):
        key = cursor.text()
        metadata[key] = cursor.value(int(cursor.number("I")))
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment < 1 or tensors < 1:
        raise _DamagedError
    end = 0
    for _ in range(tensors):
        cursor.text()
        sides = int(cursor.number("I"))
        if sides > 4:
            raise _DamagedError
        elements = 1
        for _ in range(sides):
            elements *= cursor.count()
        block, width = _BLOCKS.get(int(cursor.number("I")), (1, 0))
        end = max(end, cursor.count() + elements // block * width)
    start = -(-cursor.at // alignment) * alignment
    if start + end > size:
        raise _DamagedError
    missing = [key for key in _NEEDED if key not in metadata]
    if missing:
        raise ModelError(
            f"{path.name} holds no {missing[0]}, so it is no language model; choose another file."
        )
    return GGUFFile(path, size, metadata)
