"""Starts database servers for tests: on a free port, in a folder of their own, never as root."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A user who may write, so that only Quarry holds it back."""

    host: str
    port: int
    user: str
    password: str
    database: str
    scheme: str

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.user}:{self.password}@{self.host}:{self.port}/{self.database}"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def find_program(*names: str, folders: tuple[str, ...] = ()) -> str | None:
    path = os.pathsep.join([os.environ.get("PATH", ""), *folders])
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder that the server's user owns: database servers refuse to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="quarry-server-"))
    if user := server_user():
        shutil.chown(folder, user)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def server_user() -> str | None:
    return None if os.geteuid() else "nobody"


def as_user() -> dict[str, object]:
    """Arguments of subprocess that give root's rights away."""
    if not (user := server_user()):
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


@contextmanager
def running(
    command: list[str], log: Path, is_up: Callable[[], bool], stop: int = signal.SIGTERM
) -> Iterator[None]:
    """The server, from its first answer to its end."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, **as_user())  # type: ignore[call-overload]
    try:
        deadline = time.monotonic() + START_SECONDS
        while not is_up():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start: {log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
