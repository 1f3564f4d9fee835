"""The index in a real Chroma, with the fake embedder."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.cards import Card
from knowledge.errors import IndexingError
from knowledge.examples import Example
from knowledge.glossary import Term
from knowledge.index import Index
from tests.conftest import FakeEmbedder


class CountingEmbedder(FakeEmbedder):
    """Remembers what it embedded, and dies at a text that ends in 'die'."""

    def __init__(self, name: str = "fake-letters") -> None:
        self.id = name
        self.texts: list[str] = []

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        if texts[-1].endswith("die"):
            raise KeyboardInterrupt
        self.texts += texts
        return super().embed(texts)


def examples(*questions: str) -> list[Example]:
    return [Example(question, f"SELECT '{question}'") for question in questions]


def names(index: Index, text: str, k: int = 3) -> list[str]:
    return [hit.name for hit in index.search("example", index.embedder.embed([text])[0], k)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "index"


def test_the_nearest_item_comes_first_with_its_similarity(folder: Path) -> None:
    index = Index.open(folder, FakeEmbedder())
    index.sync("example", examples("revenue by month", "zzz", "open tickets"))
    hits = index.search("example", index.embedder.embed(["revenue by month"])[0], 2)
    assert [hit.name for hit in hits] == ["revenue by month", "open tickets"]
    assert hits[0].score == pytest.approx(1, abs=1e-3)
    assert hits[1].score < 0.95
    assert hits[0].payload["sql"] == "SELECT 'revenue by month'"


def test_kinds_do_not_mix(folder: Path) -> None:
    index = Index.open(folder, FakeEmbedder())
    index.sync("card", [Card("orders", "", "orders", gist="orders: what people bought")])
    index.sync("term", [Term("revenue", "money that came in")])
    index.sync("example", examples("how many orders"))
    vector = index.embedder.embed(["orders"])[0]
    assert [[hit.name for hit in index.search(kind, vector, 5)] for kind in ("card", "term", "example")] == [
        ["orders"],
        ["revenue"],
        ["how many orders"],
    ]


def test_what_did_not_change_is_not_touched(folder: Path) -> None:
    first = CountingEmbedder()
    assert Index.open(folder, first).sync("example", examples("aaa", "bbb", "ccc")) == 3
    manifest = (folder / "manifest.json").stat().st_mtime_ns
    again = CountingEmbedder()
    assert Index.open(folder, again).sync("example", examples("ccc", "bbb", "aaa")) == 0
    assert again.texts == []
    assert (folder / "manifest.json").stat().st_mtime_ns == manifest


def test_only_what_changed_is_embedded_and_what_is_gone_is_removed(folder: Path) -> None:
    Index.open(folder, FakeEmbedder()).sync("example", examples("aaa", "bbb", "ccc"))
    embedder = CountingEmbedder()
    index = Index.open(folder, embedder)
    changed = [*examples("aaa"), Example("bbb", "SELECT 2")]
    assert index.sync("example", changed) == 3
    assert embedder.texts == ["bbb"]
    assert sorted(names(index, "bbb")) == ["aaa", "bbb"]


def test_a_given_text_is_embedded_in_place_of_the_question(folder: Path) -> None:
    index = Index.open(folder, FakeEmbedder())
    index.sync("example", examples("orders in xyz"), text=lambda example: "qqq")
    assert index.search("example", index.embedder.embed(["qqq"])[0], 1)[0].score == pytest.approx(1, abs=1e-3)


def test_a_kind_may_be_empty(folder: Path) -> None:
    index = Index.open(folder, FakeEmbedder())
    index.sync("pair", [])
    assert index.search("pair", index.embedder.embed(["aaa"])[0], 5) == []


def test_the_same_item_twice_is_indexed_once(folder: Path) -> None:
    assert Index.open(folder, FakeEmbedder()).sync("example", examples("aaa", "aaa")) == 1


def test_progress_counts_up_to_all_items(folder: Path) -> None:
    heard: list[tuple[int, int]] = []
    index = Index.open(folder, FakeEmbedder())
    index.sync(
        "pair", examples(*(f"question {n}" for n in range(600))), progress=lambda *at: heard.append(at)
    )
    assert heard[-1] == (600, 600)
    assert len(heard) > 1


def test_searching_without_an_index_names_the_remedy(folder: Path) -> None:
    index = Index.open(folder, FakeEmbedder())
    with pytest.raises(IndexingError, match=r"no index yet; run `quarry index`"):
        names(index, "aaa")
    assert not folder.exists()


def test_another_embedder_is_refused_until_the_index_is_made_anew(folder: Path) -> None:
    old = Index.open(folder, FakeEmbedder())
    old.sync("example", examples("aaa"))
    old.sync("term", [Term("revenue", "money")])
    index = Index.open(folder, CountingEmbedder("other"))
    with pytest.raises(IndexingError, match=r"another embedder \(fake-letters\).*quarry index"):
        names(index, "aaa")
    index.sync("example", examples("aaa"))
    assert names(index, "aaa") == ["aaa"]
    with pytest.raises(IndexingError, match="quarry index"):
        index.search("term", index.embedder.embed(["aaa"])[0], 1)


def test_a_build_that_was_killed_is_noticed_and_taken_up_again(folder: Path) -> None:
    many = examples(*(f"question {n:04}" for n in range(400)))
    last = Example("the longest question of all, at which we die", "SELECT 1")
    with pytest.raises(KeyboardInterrupt):
        Index.open(folder, CountingEmbedder()).sync("example", [*many, last])
    with pytest.raises(IndexingError, match="unfinished; run `quarry index`"):
        names(Index.open(folder, FakeEmbedder()), "question")
    embedder = CountingEmbedder()
    resumed = Index.open(folder, embedder)
    resumed.sync("example", many)
    assert len(embedder.texts) == 400 - 256
    assert names(resumed, "question 0001", 1)


def test_a_damaged_manifest_names_the_remedy(folder: Path) -> None:
    Index.open(folder, FakeEmbedder()).sync("example", examples("aaa"))
    (folder / "manifest.json").write_text("{")
    with pytest.raises(IndexingError, match=r"damaged; delete .* and run `quarry index`"):
        names(Index.open(folder, FakeEmbedder()), "aaa")


def test_the_manifest_names_embedder_and_kinds(folder: Path) -> None:
    Index.open(folder, FakeEmbedder()).sync("example", examples("aaa"))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["embedder"], manifest["kinds"]) == ("fake-letters", {"example": "ready"})


def test_damaged_files_name_the_remedy(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "chroma.sqlite3").write_bytes(b"this is no database" * 1000)
    with pytest.raises(IndexingError, match="quarry index"):
        Index.open(folder, FakeEmbedder()).sync("example", examples("aaa"))


def test_kinds_that_are_not_kept_are_gone_and_may_come_back(tmp_path: Path) -> None:
    index = Index.open(tmp_path, FakeEmbedder())
    index.sync("pair-1", examples("a question"))
    index.sync("pair-2", examples("a question"))
    index.keep(["pair-2"])
    assert (index.holds("pair-1"), index.holds("pair-2")) == (False, True)
    with pytest.raises(IndexingError, match="quarry index"):
        index.search("pair-1", index.embedder.embed(["a question"])[0], 1)
    assert index.sync("pair-1", examples("a question")) == 1
    assert [hit.name for hit in index.search("pair-1", index.embedder.embed(["a question"])[0], 1)] == [
        "a question"
    ]
