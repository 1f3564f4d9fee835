"""The set-up of the environment, as far as it can be tried without doing it."""

import importlib.util
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """tools/setup.py with an environment of its own and a pip that only notes what it was asked."""
    spec = importlib.util.spec_from_file_location("setup_tool", ROOT / "tools" / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path)
    monkeypatch.setattr(module, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(module, "asked", [], raising=False)
    monkeypatch.setattr(module, "pip", lambda arguments, says: module.asked.append(arguments))
    monkeypatch.setattr(module, "installed", lambda name: True)
    monkeypatch.setattr(module, "make_venv", lambda: None)
    return module


def test_torch_is_first_and_everything_is_held_to_the_constraints(setup: ModuleType) -> None:
    assert setup.main([]) == 0
    assert [arguments[-1] for arguments in setup.asked] == [
        "torch==2.13.0",
        f"llama-cpp-python=={pinned('llama_cpp_python')}",
        ".",
    ]
    assert all(arguments[1] == "-c" for arguments in setup.asked)


def test_a_second_run_installs_nothing(setup: ModuleType) -> None:
    setup.main([])
    setup.asked.clear()
    assert setup.main([]) == 0
    assert setup.asked == []


def test_what_the_tests_need_is_enough_for_the_demo(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "install_servers", lambda: None)
    setup.main(["--dev"])
    setup.asked.clear()
    assert setup.main([]) == 0
    assert setup.asked == []


def test_a_stopped_run_goes_on_where_it_was(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = setup.pip

    def stop_at_llama(arguments: list[str], says: str) -> None:
        if "llama" in arguments[-1]:
            raise KeyboardInterrupt
        whole(arguments, says)

    monkeypatch.setattr(setup, "pip", stop_at_llama)
    assert setup.main([]) == 130
    monkeypatch.setattr(setup, "pip", whole)
    setup.asked.clear()
    assert setup.main([]) == 0
    assert len(setup.asked) == 2


def test_a_missing_compiler_is_one_sentence_with_its_remedy(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    for variable in ("CC", "CXX"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(setup, "installed", lambda name: False)
    assert setup.main([]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "build-essential" in line


def test_an_old_python_is_one_sentence_with_its_remedy(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.version_info", (3, 10, 4))
    assert setup.main([]) == 1
    assert "PYTHON=python3.12" in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_a_python_that_is_not_there_is_told_by_make() -> None:
    done = subprocess.run(
        ["make", "setup", "PYTHON=python-of-nowhere"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr


def test_the_constraints_name_versions_and_no_place() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert len(lines) > 100
    for line in lines:
        name, _, version = line.partition("==")
        assert name, line
        assert version, line
        assert not set(line) & set("/@+ "), line


def pinned(name: str) -> str:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return next(line.partition("==")[2] for line in lines if line.startswith(f"{name}=="))
