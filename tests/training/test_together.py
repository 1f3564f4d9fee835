"""Processes that are launched together train one network: the same weights in all, and one that tells."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import hashlib, json, sys
from pathlib import Path
import torch
from tokenizers import Tokenizer
from training.network import Shape, Specialist
from training.rows import Rows, encode
from training.standing import Recipe
from training.together import Together
from training.tokenizer import end_of, train_tokenizer
from training.train import train

folder = Path(sys.argv[1])
rows = [(f"<|ask|>how many {w}<|sql|>", f"SELECT COUNT(*) FROM {w}") for w in
        ("cats", "dogs", "cows", "hens", "pigs", "bees", "rats", "owls", "elks", "ants")]
tokenizer = train_tokenizer([t for row in rows for t in row], [], 300)
encoded = Rows.of(encode(tokenizer, *row, 64) for row in rows)
network = Specialist.fresh(tokenizer, Shape(64, 1, 192, 64), seed=1)
together = Together()
told = []
with together.one_by_one():
    (folder / "order").open("a").write(str(together.place))
recipe = Recipe(minutes=0.05, batch=2, micro=1, rate=3e-3, warmup=2)
train(network, end_of(tokenizer), encoded, encoded, folder, recipe, told.append)
weights = b"".join(p.detach().numpy().tobytes() for p in network.parameters())
facts = {"weights": hashlib.sha256(weights).hexdigest(), "told": len(told), "count": together.count}
(folder / f"{together.place}.json").write_text(json.dumps(facts))
"""


@pytest.mark.real
def test_two_processes_end_with_the_same_weights(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [*launch, str(script), str(tmp_path)],
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "TOKENIZERS_PARALLELISM": "false"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    first, second = (json.loads((tmp_path / f"{n}.json").read_text()) for n in (0, 1))
    assert first["count"] == second["count"] == 2
    assert first["weights"] == second["weights"]
    assert first["told"] >= 1
    assert second["told"] == 0
    assert (tmp_path / "order").read_text() == "01"
    assert (tmp_path / "checkpoint.pt").exists()
