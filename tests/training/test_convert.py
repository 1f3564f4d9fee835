"""A family that Quarry does not write goes to llama.cpp's converter, if its folder is given."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from knowledge.errors import TrainingError
from training.convert import CONVERTER, writer_for

GPT2 = SimpleNamespace(model_type="gpt2")
LLAMA = SimpleNamespace(model_type="llama")

WRITES = """
import sys
from pathlib import Path
folder, out, path, kind, f16 = sys.argv[1:]
assert (out, kind, f16) == ("--outfile", "--outtype", "f16")
Path(path).write_text("converted " + Path(folder).name)
"""
FAILS = "import sys; sys.exit('Model Gpt2 is not supported')"


def _llama_cpp(folder: Path, script: str) -> str:
    (folder / CONVERTER).write_text(script)
    return str(folder)


def test_a_known_family_needs_nothing() -> None:
    assert writer_for(LLAMA, "")


def test_another_family_names_the_remedy() -> None:
    with pytest.raises(TrainingError, match="gpt2 is not exported by Quarry itself; name the folder"):
        writer_for(GPT2, "")


def test_a_folder_without_the_converter_is_refused_before_training(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=f"holds no {CONVERTER}"):
        writer_for(GPT2, str(tmp_path))


def test_the_converter_is_run_on_the_merged_model(tmp_path: Path) -> None:
    merged, path = tmp_path / "merged", tmp_path / "float.gguf"
    merged.mkdir()
    writer_for(GPT2, _llama_cpp(tmp_path, WRITES))(None, None, merged, path)
    assert path.read_text() == "converted merged"


def test_what_the_converter_says_is_told(tmp_path: Path) -> None:
    write = writer_for(GPT2, _llama_cpp(tmp_path, FAILS))
    with pytest.raises(TrainingError, match=r"Model Gpt2 is not supported.*kept in"):
        write(None, None, tmp_path, tmp_path / "float.gguf")
