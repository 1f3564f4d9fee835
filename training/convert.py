"""Which way a model of Hugging Face's becomes GGUF: by Quarry, or by llama.cpp's own converter."""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from knowledge.errors import TrainingError
from training.export_hf import export_hf, known_family

CONVERTER = "convert_hf_to_gguf.py"

Writer = Callable[[Any, Any, Path, Path], None]
"""(network, tokenizer, the folder where both were saved, the file to write)."""


def writer_for(config: Any, llama_cpp: str) -> Writer:
    """Found out before training begins. Raises TrainingError where nothing can write the family.

    `llama_cpp` is the folder of llama.cpp's source; empty for Quarry's own exporter.
    """
    if not llama_cpp:
        known_family(config)
        return _by_quarry
    script = Path(llama_cpp) / CONVERTER
    if not script.is_file():
        raise TrainingError(
            f"{llama_cpp} holds no {CONVERTER}; name the folder of llama.cpp's source with --llama-cpp."
        )
    return partial(_by_llama_cpp, script)


def _by_quarry(network: Any, tokenizer: Any, folder: Path, path: Path) -> None:
    export_hf(network, tokenizer, path)


def _by_llama_cpp(script: Path, network: Any, tokenizer: Any, folder: Path, path: Path) -> None:
    command = [sys.executable, str(script), str(folder), "--outfile", str(path), "--outtype", "f16"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not path.is_file():
        said = (done.stderr or done.stdout).strip().splitlines()
        raise TrainingError(
            f"{script.name} could not convert {folder.name} ({said[-1][:160] if said else 'no word'}); "
            f"the merged model is kept in {folder}."
        )
