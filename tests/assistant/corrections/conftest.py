"""The demo company, ready to answer, with corrections that last for one file of tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant.demo
from assistant.workspace import Workspace

DEMO = Path(assistant.demo.__file__).with_name("workspace")


@pytest.fixture(scope="module")
def workspace(kestrel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("corrections") / "demo"
    shutil.copytree(DEMO, folder)
    shutil.copy(kestrel, folder / "kestrel.sqlite")
    with Workspace.open(folder) as opened:
        opened.prepare(lambda doing: None)
        yield opened
