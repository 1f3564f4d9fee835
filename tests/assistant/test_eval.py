"""`quarry eval` through the real command line, with a model that always says the same."""

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from evals.runs.pool import Inline
from evals.runs.store import RunStore
from evals.runs.subject import Opener
from graph.models.base import Generation, Prompt
from tests.assistant.conftest import Quarry
from tests.conftest import FakeModel

pytestmark = pytest.mark.real
RIGHT = "SELECT COUNT(*) AS customers FROM customers c"
WRONG = "SELECT category, COUNT(*) AS products FROM products GROUP BY category"
ORDERS = """\
cases:
  - id: three
    question: how many orders are there
    category: orders
    gold: SELECT COUNT(*) FROM orders
    must_pass: true
"""
CLIENTS = """\
  - id: two
    question: how many clients are there
    category: count
    gold: SELECT COUNT(*) FROM customers WHERE is_test = 0
"""


class Stopping(FakeModel):
    """As if Ctrl-C were pressed after so many answers."""

    def __init__(self, *texts: str, after: int = 0) -> None:
        super().__init__(*texts)
        self.after = after

    def generate(self, prompt: Prompt, *given: Any, **options: Any) -> Generation:
        if len(self.prompts) >= self.after:
            raise KeyboardInterrupt
        return super().generate(prompt, *given, **options)


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeModel]:
    """What `--model` opens; workers would not know of it, so that questions are asked in this process."""
    opened: dict[str, FakeModel] = {"openai:none": FakeModel(RIGHT), "openai:poor": FakeModel(WRONG)}

    def inline(opener: Opener, jobs: int = 1, *, golds: Path | None = None) -> Inline:
        return Inline(opener, golds=golds)

    monkeypatch.setattr("graph.models.open_model", lambda name, *given, **options: opened[name])
    monkeypatch.setattr("evals.runs.run.workers", inline)
    return opened


@pytest.fixture
def shop(shop: Path) -> Path:
    (shop / "evals" / "more-of-it.yaml").write_text(ORDERS + CLIENTS)
    return shop


def run_ids(shop: Path) -> list[str]:
    """The newest first."""
    store = RunStore.in_file(shop / ".quarry" / "evals.sqlite")
    found = [info.id for info in store.all()]
    store.close()
    return found


def test_eval_alone_shows_its_commands_and_an_example(quarry: Quarry) -> None:
    done = quarry("eval")
    for command in ("run", "runs", "show", "compare", "export", "lint"):
        assert f" {command} " in done.out + done.error
    assert "Example: quarry eval run" in done.out + done.error


def test_a_run_tells_its_figures_and_keeps_every_score(
    quarry: Quarry, shop: Path, models: dict[str, FakeModel]
) -> None:
    done = quarry("eval", "run", "dev", "-w", str(shop))
    assert done.code == 0, done.error
    assert "1 of 1 scored case came out right: 100.0%" in done.out
    assert "1 of 1" in done.error
    store = RunStore.in_file(shop / ".quarry" / "evals.sqlite")
    run = store.get(run_ids(shop)[0])
    assert [(score.case, score.right) for score in run.scores] == [("one", True)]
    assert (run.info.model, run.info.setup, run.info.suites) == ("openai:none", "full", ("dev",))
    assert run.info.finished
    assert run.info.database
    store.close()


def test_suites_come_by_name_by_glob_and_all_at_once(
    quarry: Quarry, shop: Path, models: dict[str, FakeModel]
) -> None:
    for given, cases in ((("more*",), 2), (("dev", "more*"), 3), ((), 3)):
        said = json.loads(quarry("eval", "run", *given, "--json", "-w", str(shop)).out)
        assert said["summary"]["total"]["cases"] == cases
        assert len(said["scores"]) == cases


def test_what_was_wrong_is_shown_with_sql_and_gold(
    quarry: Quarry, shop: Path, models: dict[str, FakeModel]
) -> None:
    done = quarry("eval", "run", "dev", "--model", "openai:poor", "--show", "-w", str(shop))
    assert done.code == 0
    assert "0 of 1 scored case came out right" in done.out
    assert "how many shoppers are there" in done.out
    assert "gold SELECT COUNT(*) FROM customers" in " ".join(done.out.split())


def test_models_and_setups_make_a_run_each_and_a_table_of_all(
    quarry: Quarry, shop: Path, models: dict[str, FakeModel]
) -> None:
    both = ("--model", "openai:none", "--model", "openai:poor", "--setup", "full", "--setup", "single-shot")
    done = quarry("eval", "run", "dev", *both, "--html", str(shop / "page.html"), "-w", str(shop))
    assert done.code == 0
    assert len(run_ids(shop)) == 4
    table = done.out.splitlines()[-6:]
    assert [line.split()[:2] for line in table if line.startswith("openai")] == [
        ["openai:none", "full"],
        ["openai:none", "single-shot"],
        ["openai:poor", "full"],
        ["openai:poor", "single-shot"],
    ]
    assert sorted(path.name for path in shop.glob("page*")) == [f"page-{n}.html" for n in (1, 2, 3, 4)]


def test_a_page_and_junit_are_written(quarry: Quarry, shop: Path, models: dict[str, FakeModel]) -> None:
    page, junit = shop / "page.html", shop / "junit.xml"
    done = quarry("eval", "run", "--html", str(page), "--junit", str(junit), "-w", str(shop))
    assert done.code == 0
    assert "how many shoppers are there" in page.read_text()
    root = ElementTree.parse(junit).getroot()
    assert (root.get("tests"), root.get("failures")) == ("3", "1")
    assert f"Written: {page}" in done.error


def test_a_stopped_run_goes_on_where_it_was(quarry: Quarry, shop: Path, models: dict[str, FakeModel]) -> None:
    whole = models["openai:none"]
    models["openai:none"] = Stopping(RIGHT, after=1)
    done = quarry("eval", "run", "more-of-it", "-w", str(shop))
    assert done.code == 130
    assert "--resume goes on" in done.error
    models["openai:none"] = whole
    again = quarry("eval", "run", "more-of-it", "--resume", "-w", str(shop))
    assert again.code == 0, again.error
    assert f"Going on with the run {run_ids(shop)[0]}" in again.error
    assert len(run_ids(shop)) == 1
    assert "of 2 scored cases" in again.out


def test_a_stopped_matrix_goes_on_without_asking_twice_what_had_come_to_its_end(
    quarry: Quarry, shop: Path, models: dict[str, FakeModel]
) -> None:
    both = ("eval", "run", "dev", "--model", "openai:none", "--model", "openai:poor", "-w", str(shop))
    good = models["openai:none"]
    models["openai:poor"] = Stopping(WRONG)
    assert quarry(*both).code == 130
    asked = len(good.prompts)
    models["openai:poor"] = FakeModel(WRONG)
    again = quarry(*both, "--resume")
    assert again.code == 0, again.error
    assert "is whole already" in again.error
    assert len(good.prompts) == asked
    assert len(run_ids(shop)) == 2


def test_resume_without_a_stopped_run_begins_a_new_one(
    quarry: Quarry, shop: Path, models: dict[str, FakeModel]
) -> None:
    quarry("eval", "run", "dev", "-w", str(shop))
    assert "this is a new one" in quarry("eval", "run", "dev", "--resume", "-w", str(shop)).error
    assert len(run_ids(shop)) == 2


def test_runs_are_listed_and_shown_again_by_the_beginning_of_their_id(
    quarry: Quarry, shop: Path, models: dict[str, FakeModel]
) -> None:
    assert "There are no runs yet" in quarry("eval", "runs", "-w", str(shop)).out
    quarry("eval", "run", "dev", "-w", str(shop))
    (run,) = run_ids(shop)
    assert run in quarry("eval", "runs", "-w", str(shop)).out
    assert json.loads(quarry("eval", "runs", "--json", "-w", str(shop)).out)["runs"][0]["id"] == run
    asked = len(models["openai:none"].prompts)
    for name in ((), (run,), (run[:5],)):
        assert "1 of 1 scored case" in quarry("eval", "show", *name, "-w", str(shop)).out
    timed = " ".join(quarry("eval", "show", "--timed", "-w", str(shop)).out.split())
    assert "times as long as the gold's" in timed
    assert "1 timed" in timed
    grouped = quarry("eval", "show", "--by", "complexity", "--by", "table", "-w", str(shop)).out
    assert "complexity" in grouped
    assert "customers" in grouped
    assert len(models["openai:none"].prompts) == asked


def test_two_runs_are_compared(quarry: Quarry, shop: Path, models: dict[str, FakeModel]) -> None:
    for name in ("openai:poor", "openai:none"):
        quarry("eval", "run", "dev", "--model", name, "-w", str(shop))
    good, poor = run_ids(shop)
    if (
        json.loads(quarry("eval", "show", good, "--json", "-w", str(shop)).out)["run"]["model"]
        != "openai:none"
    ):
        good, poor = poor, good
    page = shop / "both.html"
    done = quarry("eval", "compare", poor, good, "--html", str(page), "-w", str(shop))
    assert done.code == 0
    assert "Won: right in the second run alone: 1 case" in done.out
    assert "+100.0 points" in done.out
    assert "Two runs compared" in page.read_text()
    said = json.loads(quarry("eval", "compare", good, poor, "--json", "-w", str(shop)).out)
    assert said["difference"] == -1.0


def test_a_run_is_exported_as_its_file_is_called(
    quarry: Quarry, shop: Path, models: dict[str, FakeModel]
) -> None:
    quarry("eval", "run", "more-of-it", "-w", str(shop))
    out = shop / "run.csv"
    assert quarry("eval", "export", "--out", str(out), "-w", str(shop)).code == 0
    assert [row["case"] for row in csv.DictReader(io.StringIO(out.read_text()))] == ["three", "two"]
    lines = quarry("eval", "export", "-f", "jsonl", "-w", str(shop)).out.splitlines()
    assert [json.loads(line)["case"] for line in lines] == ["three", "two"]


def test_lint_counts_the_cases_and_finds_faults(quarry: Quarry, shop: Path) -> None:
    path = shop / "evals" / "more-of-it.yaml"
    path.write_text(ORDERS)
    assert quarry("eval", "lint", "more*", "-w", str(shop)).out == "1 case, no faults.\n"
    path.write_text(ORDERS.replace("FROM orders\n    must_pass: true", "FROM order_lines"))
    done = quarry("eval", "lint", "more*", "-w", str(shop))
    assert done.code == 1
    assert "more-of-it.yaml, line 2 (three): " in done.out
    assert done.out.endswith("1 case, 1 fault.\n")
    said = json.loads(quarry("eval", "lint", "more*", "--json", "-w", str(shop)).out)
    assert said["problems"][0]["case"] == "three"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("run", "dve"), 3, "There is no suite 'dve'"),
        (("run", "more-of-itt"), 3, "did you mean `more-of-it`?"),
        (("run", "none*"), 3, "There is no suite 'none*'"),
        (("run", "dev", "--setup", "fulll"), 3, "There is no set-up 'fulll'; take full"),
        (("run", "dev", "--html", "/proc/none/page.html"), 1, "cannot be written to /proc/none/page.html"),
        (("show", "--junit", "/"), 1, "cannot be written to /"),
        (("show", "zzz"), 3, "There is no run 'zzz'"),
        (("compare", "zzz", "yyy"), 3, "There is no run 'zzz'"),
        (("export", "zzz"), 3, "There is no run 'zzz'"),
    ],
)
def test_bad_input_is_one_sentence(
    quarry: Quarry,
    shop: Path,
    models: dict[str, FakeModel],
    arguments: tuple[str, ...],
    code: int,
    sentence: str,
) -> None:
    quarry("eval", "run", "dev", "-w", str(shop))
    done = quarry("eval", *arguments, "-w", str(shop))
    assert done.code == code
    assert sentence in done.sentence()
    assert len(run_ids(shop)) == 1


def test_without_runs_there_is_nothing_to_show(quarry: Quarry, shop: Path) -> None:
    done = quarry("eval", "show", "-w", str(shop))
    assert (done.code, done.sentence()) == (3, "There are no runs yet; make one with `quarry eval run`.")


@pytest.mark.parametrize(
    "arguments",
    [("run", "--by", "colour"), ("export", "-f", "xls"), ("run", "--jobs", "0"), ("compare", "a")],
)
def test_options_that_cannot_be_are_usage_errors(
    quarry: Quarry, shop: Path, arguments: tuple[str, ...]
) -> None:
    assert quarry("eval", *arguments, "-w", str(shop)).code == 2
