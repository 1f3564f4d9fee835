"""The console in a real browser: a question asked, corrected, reviewed, asked again and now right."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.console.showing import escaped, frame
from assistant.workspace import Workspace
from tests.assistant.conftest import Quarry
from tests.servers.openai_server import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[3]
RIGHT = "SELECT COUNT(*) FROM orders o WHERE o.status = 'paid'"
MARKUP = "<script>document.title='hit'</script> **bold** [link](http://x.y) :red[x]"
QUESTION = "How many customers do we have?"


def test_markup_is_shown_as_it_is() -> None:
    assert escaped("a *b* [c](d)\n:red[e]") == r"a \*b\* \[c\]\(d\) \:red\[e\]"


def test_columns_of_one_name_are_told_apart() -> None:
    assert list(frame(["a", "b", "a"], [[1, 2, 3]]).columns) == ["a", "b", "a (2)"]


def test_an_open_address_needs_a_login(quarry: Quarry, shop: Path) -> None:
    done = quarry("console", "--address", "0.0.0.0", "-w", str(shop))
    assert done.code == 3
    assert "configure a login in .streamlit/secrets.toml" in done.sentence()


def test_a_port_in_use_is_told(quarry: Quarry, shop: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = quarry("console", "--port", str(taken.getsockname()[1]), "-w", str(shop))
    assert done.code == 3
    assert "name another --port" in done.sentence()


@contextmanager
def served(workspace: Path) -> Iterator[str]:
    """The console on a free port, ended by the signal that Ctrl-C sends."""
    port = free_port()
    code = "from assistant.cli import main; main()"
    server = subprocess.Popen(
        [sys.executable, "-c", code, "console", "-w", str(workspace), "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "HOME": str(workspace)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        assert server.poll() is None, "the console ended"
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise AssertionError("the console did not come up")


@pytest.fixture
def verified_shop(shop: Path) -> Path:
    """Without a model: what is asked here is answered by an example that somebody verified."""
    examples = shop / "knowledge" / "examples.yaml"
    named = f"question: {QUESTION}\n    by: Nadia\n    on: 2025-10-06\n"
    examples.write_text(examples.read_text().replace(f"question: {QUESTION}\n", named))
    with Workspace.open(shop) as workspace:
        workspace.prepare(lambda doing: None)
    return shop


@pytest.fixture
def page(verified_shop: Path) -> "Iterator[tuple[Page, str]]":
    """A page in Debian's chromium, and the address of the console."""
    api: Any = pytest.importorskip("playwright.sync_api")
    chromium = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), "")
    if not chromium:
        pytest.skip("chromium is not installed")
    with served(verified_shop) as url, api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1280, "height": 1000})
        opened.set_default_timeout(60_000)
        yield opened, url
        browser.close()


def _ask(page: "Page", question: str) -> None:
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    page.get_by_text("What it rests on").last.wait_for()


@pytest.mark.real
def test_a_page_can_be_opened_by_its_address(page: "tuple[Page, str]") -> None:
    tab, url = page
    tab.goto(f"{url}/review")
    tab.get_by_role("heading", name="Review").wait_for()
    tab.get_by_text("Nothing waits for a decision.").wait_for()


@pytest.mark.real
def test_a_question_is_asked_corrected_reviewed_and_then_right(page: "tuple[Page, str]") -> None:
    tab, url = page
    tab.goto(url)
    _ask(tab, QUESTION)
    tab.locator('button:has-text("thumb_down")').last.click()
    tab.get_by_label("The SQL that would have been right").fill("SELECT colour FROM orders")
    tab.get_by_label("Or in words").fill(MARKUP)
    tab.get_by_role("button", name="Hand in").click()
    tab.get_by_text("This SQL cannot be taken").wait_for()
    tab.get_by_label("The SQL that would have been right").fill(RIGHT)
    tab.get_by_role("button", name="Hand in").click()
    tab.get_by_text("Correction 1 waits for a data owner").wait_for()
    tab.goto(f"{url}/review")
    tab.get_by_label("SQL to approve").wait_for()
    assert tab.get_by_text(MARKUP, exact=True).count() == 1
    tab.get_by_role("button", name="Approve").first.click()
    tab.get_by_text("Nothing waits for a decision").wait_for()
    assert tab.title() != "hit"
    tab.goto(url)
    _ask(tab, QUESTION)
    tab.get_by_text("Orders: 4").wait_for()
    others = {"quality": "By type of query", "knowledge": "A question", "evals": "no runs yet"}
    for name, heading in others.items():
        tab.goto(f"{url}/{name}")
        tab.get_by_text(heading).first.wait_for()
