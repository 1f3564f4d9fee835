"""The corpus on disk."""

from dataclasses import replace
from pathlib import Path

import pytest

from training import corpus
from training.corpus import read_corpus, write_corpus
from training.material import Source


@pytest.fixture
def source(shop_source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setattr(corpus, "PART", 30)
    return replace(shop_source, work=tmp_path)


def test_a_stopped_corpus_goes_on_part_by_part_and_gives_equal_bytes(source: Source, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    told: list[str] = []
    write_corpus(source, folder, 80, seed=3, processes=1, report=told.append)
    parts = sorted(folder.glob("part-*.jsonl"))
    assert [len(part.read_text().splitlines()) for part in parts] == [30, 30, 20]
    assert len(told) == 3
    first, second, third = (part.read_bytes() for part in parts)
    assert first != second
    parts[1].unlink()
    (folder / "part-0001.tmp").write_text("half a row, from before the kill")
    kept = parts[0].stat().st_mtime_ns, parts[2].stat().st_mtime_ns
    told.clear()
    write_corpus(source, folder, 80, seed=3, processes=1, report=told.append)
    assert len(told) == 1
    assert [part.read_bytes() for part in parts] == [first, second, third]
    assert (parts[0].stat().st_mtime_ns, parts[2].stat().st_mtime_ns) == kept
    assert not list(tmp_path.rglob("*.tmp"))
    assert not (tmp_path / "practice").exists()
    assert len(list(read_corpus(folder))) == 80


def test_a_whole_corpus_is_left_alone(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "part-0000.jsonl").write_text("")
    monkeypatch.setattr("multiprocessing.get_context", None)
    write_corpus(source, tmp_path, 20, seed=3, processes=1)
