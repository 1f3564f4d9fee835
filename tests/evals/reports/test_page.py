"""The page of a run: all that it shows, and nothing that runs."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from evals.metrics.summary import summarise
from evals.reports.page import run_page, versus_page
from evals.reports.versus import versus
from evals.runs.info import Run
from tests.evals.reports.hostile import LONG_SQL, hostile_run
from tests.evals.reports.made import made_run

VOID = {"meta", "input", "img", "br", "link"}


class Reader(HTMLParser):
    """Reads a page strictly: its tags, its attributes, its text without styles and scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["script"], ["style"]):
            self.text += data

    def count(self, tag: str, name: str = "") -> int:
        return sum(
            one == tag and (not name or name in (attrs.get("class") or "").split())
            for one, attrs in self.tags
        )


def page_of(run: Run) -> str:
    return run_page(run, summarise(run), dialect="sqlite")


@pytest.fixture(scope="module")
def hostile() -> str:
    return page_of(hostile_run())


def test_a_page_tells_the_figures_the_sql_the_rows_and_what_was_retrieved() -> None:
    run = made_run(120)
    text = " ".join(Reader(page_of(run)).text.split())
    assert "specialist-12m.gguf" in text
    assert f"of {summarise(run).total.scored} scored cases came out right" in text
    for said in (
        "Wrong, shown as right",
        "Risk against coverage",
        "Is the confidence honest?",
        "By complexity of the gold",
        "row 1: customers is 398, not 412",
        "Answer, 5 rows",
        "Gold, 5 rows",
        "How many customers do we have?",
        "required filters, mended: cancelled orders are counted; add o.status <> 'X'",
        "no such table: customer",
        "answered instead of refusing",
        "evals/dev.yaml, line",
    ):
        assert said in text, said


def test_each_case_is_there_once_with_an_address_of_its_own() -> None:
    run = made_run(60)
    cases = [
        attrs for tag, attrs in Reader(page_of(run)).tags if tag == "details" and attrs.get("class") == "case"
    ]
    assert len(cases) == len({attrs["id"] for attrs in cases}) == 60


def test_the_worst_cases_come_first_and_stand_open_where_they_are_few() -> None:
    few, many = made_run(40), made_run(300)
    for run, opened in ((few, True), (many, False)):
        cases = [a for t, a in Reader(page_of(run)).tags if t == "details" and a.get("class") == "case"]
        tones = [attrs["data-tone"] for attrs in cases]
        assert tones == sorted(tones, key=["alarm", "wrong", "unscored", "right"].index)
        assert {a["data-tone"] for a in cases if "open" in a} == ({"alarm", "wrong"} if opened else set())


def test_repeats_of_a_case_and_cases_of_one_name_have_addresses_of_their_own() -> None:
    run = made_run(3)
    one = run.scores[0]
    again = (one, replace(one, repeat=1), replace(one, case="dev 000"), replace(one, case="dev/000"))
    ids = [attrs.get("id") for tag, attrs in Reader(page_of(Run(run.info, again))).tags if tag == "details"]
    addresses = [address for address in ids if address]
    assert len(addresses) == len(set(addresses)) == 4


def test_nothing_that_is_said_becomes_markup(hostile: str) -> None:
    page = Reader(hostile)
    assert page.open == []
    assert page.count("script") == 1
    assert page.count("img") == 0
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")]
    assert "<script>document.title" in page.text
    assert "{{ 7 * 7 }}" in page.text


def test_control_characters_do_not_reach_the_page(hostile: str) -> None:
    assert not {"\x07", "\x00", "\x1b", "\u202e", "\ud800", "\uffff"} & set(hostile)
    hostile.encode("utf-8")


def test_only_the_script_of_the_page_itself_may_run(hostile: str) -> None:
    import base64
    import hashlib

    script = hostile.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in hostile
    assert "default-src 'none'" in hostile


def test_a_page_names_no_address_that_a_browser_would_fetch() -> None:
    for tag, attrs in Reader(page_of(made_run(30))).tags:
        assert tag not in ("link", "img", "iframe", "object", "base")
        assert "src" not in attrs
        assert not (attrs.get("href") or "#").startswith(("http", "//"))


def test_a_long_statement_is_there_wholly(hostile: str) -> None:
    text = Reader(hostile).text
    assert len(LONG_SQL) > 10_000
    assert all(f"name_{number}" in text for number in range(400))


def test_a_run_without_cases_says_so() -> None:
    text = Reader(page_of(made_run(0))).text
    assert "No case was scored" in text
    assert "This run holds no cases yet." in text


def test_a_run_that_scored_nothing_has_a_page() -> None:
    run = made_run(200)
    unscored = tuple(score for score in run.scores if not score.scored)
    text = Reader(page_of(Run(run.info, unscored))).text
    assert "No case was scored" in text
    assert "harness error" in text


def test_a_thousand_cases_fit_in_a_page() -> None:
    assert len(page_of(made_run(1000)).encode()) < 15_000_000


def test_right_cases_are_short() -> None:
    run = made_run(40)
    right = Run(run.info, tuple(score for score in run.scores if score.right))
    assert "Candidates" not in Reader(page_of(right)).text


def test_tables_have_headers_and_plots_are_told() -> None:
    page = Reader(page_of(made_run(60)))
    assert all(attrs.get("scope") for tag, attrs in page.tags if tag == "th")
    plots = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert len(plots) == 4
    assert all(attrs.get("role") == "img" and attrs.get("aria-label") for attrs in plots)


def test_two_runs_have_a_page_with_both_statements() -> None:
    first, second = made_run(60), made_run(60, seed=1, model="specialist-24m.gguf")
    found = versus(first, second)
    page = Reader(versus_page(found, dialect="sqlite"))
    assert page.open == []
    assert page.count("details", "case") == 60
    for said in ("Two runs compared", "specialist-24m.gguf", found.conclusion, "McNemar", "First", "Gold"):
        assert said in page.text


def test_a_hostile_comparison_is_escaped_too() -> None:
    page = Reader(versus_page(versus(made_run(5), hostile_run())))
    assert page.open == []
    assert (page.count("script"), page.count("img")) == (1, 0)


def test_two_empty_runs_have_a_page() -> None:
    text = Reader(versus_page(versus(made_run(0), made_run(0)))).text
    assert "nothing can be compared" in text
