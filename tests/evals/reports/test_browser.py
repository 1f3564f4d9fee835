"""The page of a thousand cases in a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evals.metrics.summary import summarise
from evals.reports.page import run_page
from evals.runs.info import Run
from tests.evals.reports.hostile import hostile_run
from tests.evals.reports.made import made_run

api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]


class Visit:
    """A page in the browser, with all that it asked for and complained of."""

    def __init__(self, page: Any, path: Path) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        page.goto(path.as_uri())

    def shown(self) -> int:
        return int(self.page.locator("details.case:visible").count())

    def fits(self) -> bool:
        """Whether nothing makes the page scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    runs = {"thousand": made_run(1000), "hostile": hostile_run(), "none": made_run(0)}
    for name, run in runs.items():
        (folder / f"{name}.html").write_text(run_page(run, summarise(run), dialect="sqlite"))
    return {name: folder / f"{name}.html" for name in runs}


def visit(browser: Any, path: Path, **options: Any) -> Visit:
    return Visit(browser.new_page(**options), path)


def wrong(run: Run) -> int:
    return sum(score.scored and not score.right for score in run.scores)


def test_a_thousand_cases_can_be_filtered_and_opened(browser: Any, pages: dict[str, Path]) -> None:
    run = made_run(1000)
    seen = visit(browser, pages["thousand"])
    assert seen.shown() == 1000
    seen.page.get_by_text("Not right", exact=True).click()
    assert seen.shown() == wrong(run)
    seen.page.select_option("select[name=category]", "ratio")
    ratio = [s for s in run.scores if s.category == "ratio" and s.scored and not s.right]
    assert seen.shown() == len(ratio)
    assert f"{len(ratio)} of 1,000 cases" in seen.page.locator(".count").inner_text()
    seen.page.fill("input[name=text]", ratio[0].case)
    assert seen.shown() == 1
    case = seen.page.locator("details.case:visible")
    case.locator("summary").first.focus()
    seen.page.keyboard.press("Enter")
    assert case.locator("table.diff").is_visible() is bool(ratio[0].sql and ratio[0].gold)
    assert case.get_attribute("open") is not None
    assert (seen.complaints, seen.requests) == ([], [pages["thousand"].as_uri()])


def test_text_is_looked_for_in_the_sql_too_and_none_is_told(browser: Any, pages: dict[str, Path]) -> None:
    seen = visit(browser, pages["thousand"])
    seen.page.fill("input[name=text]", "count(distinct c.customer_id)")
    assert 0 < seen.shown() < 1000
    seen.page.fill("input[name=text]", "no such words")
    assert seen.shown() == 0
    seen.page.get_by_role("button", name="Show all cases").click()
    assert seen.shown() == 1000


def test_a_case_has_an_address(browser: Any, pages: dict[str, Path]) -> None:
    seen = visit(browser, pages["thousand"])
    seen.page.goto(pages["thousand"].as_uri() + "#dev-dev-001")
    assert seen.page.locator("#dev-dev-001").get_attribute("open") is not None


def test_nothing_hostile_runs_or_is_fetched(browser: Any, pages: dict[str, Path]) -> None:
    seen = visit(browser, pages["hostile"])
    seen.page.get_by_role("button", name="Open all").click()
    assert seen.page.locator("details.case[open]").count() == len(hostile_run().scores)
    assert "Quarry evaluation" in seen.page.title()
    assert (seen.complaints, seen.requests) == ([], [pages["hostile"].as_uri()])


@pytest.mark.parametrize("name", ["thousand", "hostile", "none"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_fits_each_screen(
    browser: Any, pages: dict[str, Path], name: str, scheme: str, width: int
) -> None:
    seen = visit(browser, pages[name], color_scheme=scheme, viewport={"width": width, "height": 800})
    if name == "hostile":
        seen.page.get_by_role("button", name="Open all").click()
    assert seen.fits()
    dark = seen.page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark is (scheme == "dark")


CONTRAST = """() => {
  const curve = value => value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
  const channel = value => curve(value / 255);
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const colour = text => text.match(/[\\d.]+/g).map(Number);
  const faint = [];
  for (const one of document.querySelectorAll("main *, header *, footer *")) {
    const says = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!says || one.closest("svg") || !one.checkVisibility()) continue;
    let under = one, back = [0, 0, 0, 0];
    while (under && back.length === 4 && back[3] === 0) {
      back = colour(getComputedStyle(under).backgroundColor);
      under = under.parentElement;
    }
    const pair = [light(colour(getComputedStyle(one).color)), light(back)].sort((a, b) => b - a);
    const ratio = (pair[0] + .05) / (pair[1] + .05);
    if (ratio < 4.5) faint.push(one.tagName + "." + one.className + " " + ratio.toFixed(2));
  }
  return [...new Set(faint)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(browser: Any, tmp_path: Path, scheme: str) -> None:
    run = made_run(40)
    (tmp_path / "page.html").write_text(run_page(run, summarise(run)))
    seen = visit(browser, tmp_path / "page.html", color_scheme=scheme)
    seen.page.get_by_role("button", name="Open all").click()
    assert seen.page.evaluate(CONTRAST) == []
