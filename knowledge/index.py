"""The index of what is known: cards, terms, examples and taught pairs, by meaning, in an embedded Chroma.

Every item is stored under the hash of its content, so that bringing the index up to date embeds what is new,
removes what is gone, and leaves the rest alone. A manifest beside the collections says which embedder made
them and which kinds are finished; it is what tells a half-made index from a whole one.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge.cards import Card
from knowledge.embedder import Embedder
from knowledge.errors import IndexingError
from knowledge.examples import Example
from knowledge.files import write_atomically
from knowledge.glossary import Term

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

Kind = str
"""'card', 'term', 'example', or what `pair_kind` gives for the pairs of one specialist."""
Item = Card | Term | Example
T = TypeVar("T")
Progress = Callable[[int, int], None]

_VERSION = 2
_BATCH = 256
_UNFINISHED = "The index was left unfinished; run `quarry index` to finish it."
_MISSING = "There is no index yet; run `quarry index`."


@dataclass(frozen=True)
class Hit:
    """`name` is the item's table, term or question; `score` the cosine similarity."""

    name: str
    payload: Mapping[str, str]
    score: float


@dataclass
class _Manifest:
    embedder: str
    kinds: dict[str, Literal["building", "ready"]] = field(default_factory=dict)
    version: int = _VERSION


@dataclass(frozen=True)
class _Entry:
    id: str
    text: str
    payload: dict[str, str]


def pair_kind(content: bytes) -> Kind:
    """The kind under which the taught pairs of this file are kept, apart from those of another specialist."""
    return f"pair-{hashlib.sha256(content).hexdigest()[:12]}"


class Index:
    """Opening checks nothing, so that `sync` can mend whatever `search` would refuse."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.folder = folder
        self.embedder = embedder
        self._collections: dict[str, Collection] = {}

    @classmethod
    def open(cls, folder: Path, embedder: Embedder) -> "Index":
        """The index in that folder, which need not exist yet."""
        return cls(folder, embedder)

    def check(self, kind: Kind) -> None:
        """Raises IndexingError when a kind is missing, unfinished, or of another embedder."""
        manifest = self._manifest
        if manifest is None or kind not in manifest.kinds:
            raise IndexingError(_MISSING)
        if manifest.embedder != self.embedder.id:
            raise IndexingError(
                f"The index was made by another embedder ({manifest.embedder}); "
                "run `quarry index` to make it anew."
            )
        if manifest.kinds[kind] != "ready":
            raise IndexingError(_UNFINISHED)

    def sync(
        self,
        kind: Kind,
        items: Iterable[Item],
        *,
        text: Callable[[Any], str] | None = None,
        progress: Progress | None = None,
    ) -> int:
        """Make the index hold exactly these items of a kind; returns how many were added or removed.

        `text` gives what is embedded, if that is not the item's own text. `progress` hears of items embedded
        and to embed.
        """
        entries = {entry.id: entry for entry in (_entry(item, text) for item in items)}
        manifest = self._manifest
        if manifest is None or manifest.embedder != self.embedder.id:
            manifest = self._start_anew()
        collection = self._collection(kind)
        known = set(self._asked(lambda: collection.get(include=[]))["ids"])
        gone, new = sorted(known - entries.keys()), [e for i, e in entries.items() if i not in known]
        if not gone and not new and manifest.kinds.get(kind) == "ready":
            return 0
        if len(gone) + len(new) > _BATCH or manifest.kinds.get(kind) != "ready":
            self._note(manifest, kind, "building")  # a small change is made while others search
        for start in range(0, len(gone), _BATCH):
            collection.delete(ids=gone[start : start + _BATCH])
        new.sort(key=lambda entry: len(entry.text))
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            collection.add(
                ids=[entry.id for entry in batch],
                embeddings=self.embedder.embed([entry.text for entry in batch]),
                documents=[entry.text for entry in batch],
                metadatas=[dict(entry.payload) for entry in batch],
            )
            if progress:
                progress(start + len(batch), len(new))
        self._note(manifest, kind, "ready")
        return len(gone) + len(new)

    def keep(self, kinds: Iterable[Kind]) -> None:
        """Forget every kind but these."""
        manifest = self._manifest
        if manifest is None:
            return
        for kind in sorted(manifest.kinds.keys() - set(kinds)):
            self._collection(kind)
            self._client.delete_collection(f"{kind}s")
            del self._collections[kind], manifest.kinds[kind]
            self._write(manifest)

    def holds(self, kind: Kind) -> bool:
        """Whether a kind is there and finished."""
        manifest = self._manifest
        return manifest is not None and manifest.kinds.get(kind) == "ready"

    def search(self, kind: Kind, vector: NDArray[np.float32], k: int, holding: str = "") -> list[Hit]:
        """The k nearest items, the nearest first; only those that hold a text, if one is given. Raises
        IndexingError as `check` does.
        """
        self.check(kind)
        collection = self._collection(kind)
        count = min(k, self._asked(collection.count))
        if count < 1:
            return []
        found = self._asked(
            lambda: collection.query(
                query_embeddings=[vector.tolist()],
                n_results=count,
                where_document={"$contains": holding} if holding else None,
                include=["metadatas", "distances"],
            )
        )
        payloads = [{k: str(v) for k, v in payload.items()} for payload in (found["metadatas"] or [[]])[0]]
        distances = (found["distances"] or [[]])[0]
        return [Hit(p["name"], p, round(1.0 - d, 4)) for p, d in zip(payloads, distances, strict=True)]

    @property
    def _manifest_path(self) -> Path:
        return self.folder / "manifest.json"

    @cached_property
    def _manifest(self) -> _Manifest | None:
        try:
            manifest = _Manifest(**json.loads(self._manifest_path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            raise IndexingError(
                f"The index is damaged; delete {self.folder} and run `quarry index`."
            ) from None
        return manifest if manifest.version == _VERSION else None

    def _note(self, manifest: _Manifest, kind: Kind, state: Literal["building", "ready"]) -> None:
        manifest.kinds[kind] = state
        self._write(manifest)

    def _write(self, manifest: _Manifest) -> None:
        write_atomically(self._manifest_path, json.dumps(manifest.__dict__))
        self.__dict__["_manifest"] = manifest

    def _start_anew(self) -> _Manifest:
        for collection in self._asked(self._client.list_collections):
            self._client.delete_collection(collection.name)
        self._collections.clear()
        manifest = _Manifest(self.embedder.id)
        self._write(manifest)
        return manifest

    @cached_property
    def _client(self) -> "ClientAPI":
        import chromadb
        from chromadb.config import Settings

        self.folder.mkdir(parents=True, exist_ok=True)
        settings = Settings(anonymized_telemetry=False, is_persistent=True)
        return self._asked(lambda: chromadb.PersistentClient(str(self.folder), settings))

    def _collection(self, kind: Kind) -> "Collection":
        if kind not in self._collections:
            self._collections[kind] = self._asked(
                lambda: self._client.get_or_create_collection(
                    f"{kind}s", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
                )
            )
        return self._collections[kind]

    def _asked(self, call: Callable[[], T]) -> T:
        """What Chroma answers; its own errors mean that its files are damaged."""
        from chromadb.errors import ChromaError

        try:
            return call()
        except (ChromaError, OSError, ValueError) as error:
            raise IndexingError(
                f"The index is damaged ({error}); delete {self.folder} and run `quarry index`."
            ) from error


def _entry(item: Item, text: Callable[[Any], str] | None) -> _Entry:
    own, payload = _content(item)
    embedded = text(item) if text else own
    digest = hashlib.sha256(json.dumps([embedded, payload], sort_keys=True).encode()).hexdigest()
    return _Entry(digest[:32], embedded, payload)


def _content(item: Item) -> tuple[str, dict[str, str]]:
    if isinstance(item, Card):
        return item.gist, {"name": item.table}
    if isinstance(item, Term):
        return _term_text(item), {"name": item.term}
    payload = {"sql": item.sql, "origin": item.origin, "by": item.by, "on": item.on}
    return item.question, {"name": item.question, **payload}


def _term_text(term: Term) -> str:
    parts = [", ".join(term.names), *term.asks, term.meaning]
    return ". ".join(part.rstrip(".?") for part in parts if part)
