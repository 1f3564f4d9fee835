"""Where the bench keeps what it makes, and what it asks."""

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
REPORT = BUILD / "bench.json"
QUARRY = str(Path(sys.executable).with_name("quarry"))


def questions() -> list[str]:
    text = Path(__file__).with_name("questions.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text)["questions"])
