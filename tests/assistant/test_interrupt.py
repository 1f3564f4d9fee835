"""Real processes that are stopped in the middle."""

import http.server
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

QUARRY = str(Path(sys.executable).with_name("quarry"))
pytestmark = pytest.mark.real


class SlowModel(http.server.BaseHTTPRequestHandler):
    """A chat model's server that takes a question and never answers."""

    asked = threading.Event()
    closing = threading.Event()

    def do_POST(self) -> None:
        self.asked.set()
        self.closing.wait(60)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def slow_model() -> Iterator[str]:
    SlowModel.asked.clear()
    SlowModel.closing.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), SlowModel)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    SlowModel.closing.set()
    server.shutdown()
    server.server_close()


def start(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [QUARRY, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def test_ctrl_c_in_the_middle_of_an_answer_stops_it(shop: Path, slow_model: str) -> None:
    process = start("ask", "how many customers", "-w", str(shop), QUARRY_MODEL_URL=slow_model)
    assert SlowModel.asked.wait(60), process.kill()
    process.send_signal(signal.SIGINT)
    started = time.monotonic()
    out, error = process.communicate(timeout=20)
    assert process.returncode == 130
    assert error.strip() == "Stopped."
    assert out == ""
    assert time.monotonic() - started < 5


def test_ctrl_c_in_a_chat_stops_the_answer_and_not_the_chat(shop: Path, slow_model: str) -> None:
    process = start("chat", "-w", str(shop), QUARRY_MODEL_URL=slow_model)
    assert process.stdin is not None
    process.stdin.write("how many customers\n")
    process.stdin.flush()
    assert SlowModel.asked.wait(60), process.kill()
    process.send_signal(signal.SIGINT)
    time.sleep(1)
    out, error = process.communicate(":help\n:quit\n", timeout=20)
    assert process.returncode == 0, error
    assert "Stopped this answer" in out
    assert ":chart" in out


def test_an_index_that_was_killed_is_told_and_finished(shop: Path) -> None:
    shutil.rmtree(shop / ".quarry")
    process = start("index", "-w", str(shop), PYTHONUNBUFFERED="1")
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Indexing"):
            process.kill()
            break
    process.communicate(timeout=20)
    asked = subprocess.run([QUARRY, "ask", "how many", "-w", str(shop)], capture_output=True, text=True)
    assert asked.returncode == 6
    assert asked.stderr.strip() == "The index was left unfinished; run `quarry index` to finish it."
    assert subprocess.run([QUARRY, "index", "-w", str(shop)], capture_output=True).returncode == 0
    well = subprocess.run([QUARRY, "doctor", "-w", str(shop)], capture_output=True, text=True)
    assert "index      up to date" in well.stdout
