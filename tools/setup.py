"""Set up the virtual environment: `python tools/setup.py [--dev]`. Needs nothing but the standard library.

Each step leaves a stamp that holds a hash of what it read: a second run does nothing, a stopped run resumes.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
LOG = VENV / "setup.log"
CONSTRAINTS = ROOT / "constraints.txt"
BEAT_SECONDS = 15
WIDTH = 60


class SetupError(Exception):
    """One sentence that names the remedy."""


def main(arguments: list[str]) -> int:
    try:
        check_python()
        make_venv()
        for name, says, requirements in steps(dev="--dev" in arguments or (STAMPS / "quarry-dev").exists()):
            install(name, says, requirements)
        if "--dev" in arguments:
            install_servers()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: stopped; run it again to go on where it was.", file=sys.stderr)
        return 130
    return 0


def steps(dev: bool) -> list[tuple[str, str, list[str]]]:
    """Name, what is said, what pip installs; the slow ones on their own, so that a stop costs little."""
    pinned = dict(line.split("==") for line in CONSTRAINTS.read_text().splitlines() if "==" in line)
    extras = "[console,dev,duckdb,mysql,openai,postgres,train]" if dev else ""
    return [
        (
            "torch",
            "Installing PyTorch (where pip finds only the CUDA build this is some GB; "
            "PIP_EXTRA_INDEX_URL can name an index of CPU builds)",
            [f"torch=={pinned['torch']}"],
        ),
        (
            "llama",
            "Compiling llama.cpp, about 5-8 minutes on 2 cores, once",
            [f"llama-cpp-python=={pinned['llama_cpp_python']}"],
        ),
        ("quarry-dev" if dev else "quarry", "Installing Quarry's other packages", ["-e", f".{extras}"]),
    ]


def check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python may well run this file
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(
            f"Python 3.11 or newer is needed and this is {found}; name a newer one, "
            "as in `make setup PYTHON=python3.12`."
        )


def make_venv() -> None:
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0
    ):
        return
    say(f"Making the virtual environment {VENV.name}")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
    )
    if made.returncode:
        raise SetupError(
            "the virtual environment could not be made; install Python's venv module "
            "(Debian and Ubuntu: apt-get install python3-venv) and run this again."
        )


def install(name: str, says: str, requirements: list[str]) -> None:
    stamp, mark = STAMPS / name, fingerprint(requirements)
    if stamp.exists() and stamp.read_text() == mark:
        return
    if name == "llama" and not installed("llama_cpp"):
        check_compiler()
    say(says)
    pip(["install", "-c", str(CONSTRAINTS), *requirements], says)
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(mark)


def fingerprint(requirements: list[str]) -> str:
    """What a step depends on. Only the last one reads the project's own list of dependencies."""
    read = " ".join([*requirements, sys.version.split()[0]]).encode()
    if "-e" in requirements:
        read += CONSTRAINTS.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256(read).hexdigest()


def installed(module: str) -> bool:
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([PYTHON, "-c", code]).returncode == 0


def check_compiler() -> None:
    for variable, commands in (("CC", ("cc", "gcc", "clang")), ("CXX", ("c++", "g++", "clang++"))):
        named = os.environ.get(variable, "").split()
        if not any(map(shutil.which, named[:1] or commands)):
            raise SetupError(
                f"no {'C' if variable == 'CC' else 'C++'} compiler ({commands[0]}) was found and llama.cpp "
                "must be compiled; install one (Debian and Ubuntu: apt-get install build-essential; "
                "macOS: xcode-select --install) and run this again."
            )


def pip(arguments: list[str], says: str) -> None:
    """Run pip with its output in the log and a line on the screen now and then, for the compile is silent."""
    started, ended = time.monotonic(), threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT_SECONDS):
            print(f"   ... {time.monotonic() - started:.0f} s: {last_line()}", flush=True)

    threading.Thread(target=beat, daemon=True).start()
    with LOG.open("a") as log:
        command = [PYTHON, "-m", "pip", "--disable-pip-version-check", *arguments, "--progress-bar", "off"]
        code = subprocess.run(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT).returncode
    ended.set()
    if code:
        raise SetupError(
            f"this step failed: {says[0].lower()}{says[1:]}; pip's last words were {last_line()!r}, all of "
            f"them are in {LOG.relative_to(ROOT)}; mend that (is the network there?) and run this again."
        )
    print(f"   done in {time.monotonic() - started:.0f} s", flush=True)


def last_line() -> str:
    """Pip's last words, short enough for one line of a screen."""
    lines = [line.strip() for line in LOG.read_text(errors="replace").splitlines() if line.strip()]
    words, _, names = (lines[-1] if lines else "starting").partition("Installing collected packages: ")
    said = f"installing {names.count(',') + 1} packages" if names else re.split(r" \(from | in \./", words)[0]
    return said if len(said) <= WIDTH else f"{said[: WIDTH - 3]}..."


def install_servers() -> None:
    """The tests of PostgreSQL and MariaDB start real servers; without them those tests are skipped."""
    missing = [package for package, there in servers().items() if not there]
    stamp = STAMPS / "servers"
    if not missing or stamp.exists() or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    say(f"Installing {' and '.join(missing)} for the tests that start a real server")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with LOG.open("a") as log:
        for command in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
            done = subprocess.run(["apt-get", *command], env=environment, stdout=log, stderr=log)
    if done.returncode:
        print(
            f"   not possible here, so these tests will be skipped (see {LOG.relative_to(ROOT)})", flush=True
        )
    stamp.write_text("tried")


def servers() -> dict[str, bool]:
    postgres = shutil.which("postgres") or any(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return {"postgresql": bool(postgres), "mariadb-server": bool(shutil.which("mariadbd", path=_sbin()))}


def _sbin() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/libexec"])


def say(sentence: str) -> None:
    print(f"== {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
