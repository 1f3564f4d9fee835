"""Runs: every case once, nothing lost, and no fault of ours booked as the model's."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals.runs.info import Run, RunInfo
from evals.runs.pool import Inline
from evals.runs.run import run_suites
from evals.runs.score import Score
from evals.runs.store import RunStore
from evals.suite.case import Case
from evals.verdict import Verdict
from knowledge.errors import DatabaseError, ModelError, SettingsError
from tests.evals.runs.fakes import CITIES, COUNT, NAMES, Opening, case, company, plain

INFO = RunInfo("r1", ("dev",), "fake")
CASES = (case("How many?"), case("Who?", NAMES), case("Where?", CITIES))
ANSWERS = (("Who?", NAMES), ("Where?", CITIES))


@pytest.fixture
def opening(tmp_path: Path) -> Opening:
    return Opening(company(tmp_path / "company.sqlite"), ANSWERS, tmp_path / "log")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore.in_file(tmp_path / "evals.sqlite")


def ask(
    opening: Opening, cases: tuple[Case, ...] = CASES, store: RunStore | None = None, **given: object
) -> Run:
    info = given.pop("info", INFO)
    return run_suites(opening, cases, info, store, pool=Inline(opening), **given)  # type: ignore[arg-type]


def with_answers(opening: Opening, **answers: str) -> Opening:
    """`opening`, but `How='die'` to the question that begins with How."""
    changed = {f"{word} many?" if word == "How" else f"{word}?": what for word, what in answers.items()}
    return replace(opening, answers=tuple({**dict(opening.answers), **changed}.items()))


def test_every_gold_against_itself_is_exact(opening: Opening) -> None:
    seen: list[tuple[str, int, int, bool]] = []

    def progress(score: Score, done: int, total: int, left: float | None) -> None:
        seen.append((score.case, done, total, left is None))

    run = ask(opening, progress=progress)
    assert [score.verdict for score in run.scores] == [Verdict.EXACT] * 3
    assert seen == [("How many?", 1, 3, True), ("Who?", 2, 3, False), ("Where?", 3, 3, False)]
    assert run.info.model == "fake"
    assert run.info.started
    assert run.info.finished


def test_an_always_empty_and_a_shotgun_agent_score_nothing(opening: Opening) -> None:
    for sql in ("SELECT name FROM staff WHERE 1 = 0", "SELECT 1, 2, 3, 4, 5, 6, 7, 8 FROM staff"):
        run = ask(with_answers(opening, How=sql, Who=sql, Where=sql))
        assert not any(score.right for score in run.scores)
        assert all(score.scored for score in run.scores)


def test_a_fault_of_ours_is_booked_as_ours_and_the_run_goes_on(opening: Opening) -> None:
    one, two, three = ask(with_answers(opening, How="bug", Who="nothing")).scores
    assert [one.verdict, two.verdict, three.verdict] == [
        Verdict.HARNESS_ERROR,
        Verdict.HARNESS_ERROR,
        Verdict.EXACT,
    ]
    assert one.why.startswith("ZeroDivisionError: oh (fakes.py, line ")
    assert two.why.startswith("AttributeError: 'NoneType'")


def test_a_model_that_says_nothing_or_megabytes_is_the_models_doing(opening: Opening) -> None:
    one, two, three = ask(with_answers(opening, How="give up", Who="megabytes", Where="much SQL")).scores
    assert [one.verdict, two.verdict, three.verdict] == [
        Verdict.UNANSWERED,
        Verdict.UNANSWERED,
        Verdict.EXEC_ERROR,
    ]
    assert len(str(two.to_json())) < 500_000
    assert len(three.sql) < 21_000
    assert one.gold_rows == ((5,),)


@pytest.mark.parametrize(
    ("gold", "why"),
    [
        ("DELETE FROM staff", "the gold does not pass the checks: "),
        ("SELECT ABS(-9223372036854775807 - 1) FROM staff", "the gold fails: integer overflow"),
        (
            "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i * 0 < 1)"
            " SELECT COUNT(*) FROM n",
            "the gold takes longer than the time limit",
        ),
    ],
)
@pytest.mark.parametrize("answer", [COUNT, "give up"])
def test_a_gold_that_writes_fails_or_never_ends_is_the_suites_fault(
    gold: str, why: str, answer: str, opening: Opening
) -> None:
    (found,) = ask(with_answers(opening, How=answer), (case("How many?", gold),)).scores
    assert (found.verdict, found.right, found.scored) == (Verdict.HARNESS_ERROR, False, False)
    assert found.why.startswith(f"dev.yaml, line 7: {why}")


def test_the_questions_before_it_are_asked_in_a_thread_of_its_own(opening: Opening) -> None:
    later = (
        case("How many?", previous=("A", "B")),
        case("Who?", NAMES, previous=("A",), evidence="all of them"),
    )
    run = ask(replace(opening, answers=(("Who? (all of them)", NAMES), ("B", "give up"))), later, repeats=2)
    assert [score.verdict for score in run.scores] == [Verdict.EXACT] * 4
    asked = [line.partition(" [") for line in opening.noted if line != "open"]
    assert [words for words, _, _ in asked] == [
        *("A", "B", "How many?") * 2,
        *("A", "Who? (all of them)") * 2,
    ]
    threads = [thread for _, _, thread in asked]
    assert len(set(threads)) == 4
    assert all(threads)
    assert threads[:3] == threads[:1] * 3
    assert run.scores[0].why == "the question before it, 'B', ended unanswered"
    assert run.scores[2].question == "Who?"


def test_a_right_answer_must_be_right_on_every_variant(opening: Opening, tmp_path: Path) -> None:
    import sqlite3

    variant = company(tmp_path / "variant.sqlite")
    with sqlite3.connect(variant) as connection:
        connection.execute("INSERT INTO staff VALUES (6, NULL, 'A', 50, 1, 0)")
    connection.close()
    both = replace(opening, variants=(opening.path, variant))
    lucky = ask(with_answers(both, How="SELECT COUNT(name) FROM staff"), CASES[:1]).scores[0]
    assert (lucky.verdict, lucky.right, lucky.variant) == (Verdict.WRONG, False, 2)
    assert lucky.why.startswith("on variant 2 of the database: ")
    assert (lucky.rows, lucky.gold_rows) == (((5,),), ((6,),))
    right = ask(both).scores[0]
    assert (right.verdict, right.variant) == (Verdict.EXACT, 0)


def test_variants_on_which_the_gold_says_nothing_are_skipped(opening: Opening, tmp_path: Path) -> None:
    import sqlite3

    variant = company(tmp_path / "variant.sqlite")
    with sqlite3.connect(variant) as connection:
        connection.execute("DELETE FROM staff")
    connection.close()
    on_variant = replace(opening, variants=(variant,))
    names = "SELECT name FROM staff WHERE id > 0"
    assert ask(with_answers(on_variant, Who=names), CASES[1:2]).scores[0].verdict is Verdict.EXACT


def test_costs_are_reckoned_by_the_prices_given(opening: Opening) -> None:
    assert [score.cost for score in ask(opening).scores] == [None] * 3
    assert [score.cost for score in ask(opening, prices=(1.0, 5.0)).scores] == [0.0002] * 3


def test_a_run_stopped_by_ctrl_c_goes_on_where_it_stopped(opening: Opening, store: RunStore) -> None:
    def stop(score: Score, done: int, total: int, left: float | None) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(opening, store=store, progress=stop)
    assert store.get("r1").info.finished is None
    run = ask(opening, store=store)
    assert opening.noted == ["open", "How many?", "open", "Who?", "Where?"]
    assert [score.case for score in run.scores] == ["How many?", "Who?", "Where?"]
    assert store.get("r1") == run
    assert ask(opening, store=store) == run
    assert len(opening.noted) == 5


def test_faults_of_ours_and_changed_cases_are_asked_again(opening: Opening, store: RunStore) -> None:
    ask(with_answers(opening, Who="bug"), store=store)
    changed = (replace(CASES[0], gold=("SELECT 5 AS n FROM teams",)), CASES[1], CASES[2])
    before = len(opening.noted)
    run = ask(opening, changed, store)
    assert opening.noted[before:] == ["open", "How many?", "Who?"]
    assert [score.verdict for score in run.scores] == [Verdict.WRONG, Verdict.EXACT, Verdict.EXACT]
    assert store.get("r1").scores == run.scores


def test_cases_that_left_the_suite_are_no_longer_shown(opening: Opening, store: RunStore) -> None:
    ask(opening, store=store)
    ask(opening, CASES[::-1][:2], store)
    assert [score.case for score in store.get("r1").scores] == ["Where?", "Who?"]
    assert [score.case for score in ask(opening, store=store).scores] == ["How many?", "Who?", "Where?"]


def test_a_run_of_something_else_is_not_continued(opening: Opening, store: RunStore) -> None:
    ask(opening, store=store)
    with pytest.raises(SettingsError, match="was made with model 'fake', not 'other'; begin a new run"):
        ask(opening, store=store, info=replace(INFO, model="other"))
    with pytest.raises(SettingsError, match="with repeats 1, not 2"):
        ask(opening, store=store, repeats=2)
    assert ask(opening, store=store, info=replace(INFO, schema="abc")).info.schema == ""


def test_two_cases_of_one_name_are_refused(opening: Opening) -> None:
    with pytest.raises(SettingsError, match="Two cases of the suite 'dev' are called 'How many\\?'"):
        ask(opening, (CASES[0], replace(CASES[0], line=9)))


def test_a_database_that_vanishes_in_the_middle_is_never_the_models_fault(
    opening: Opening, store: RunStore
) -> None:
    whole = opening.path.read_bytes()
    cases = tuple(case(f"Q{number}") for number in range(12))
    answers = (("Q3", "vanish"), ("Q5", "give up"))
    run = ask(replace(opening, answers=answers), cases, store)
    assert [score.verdict for score in run.scores] == [Verdict.EXACT] * 3 + [Verdict.HARNESS_ERROR] * 9
    assert run.info.finished is None
    assert "Q11" not in opening.noted
    assert "database" in run.scores[5].why
    assert run.scores[11].why.startswith("not asked: ")
    opening.path.write_bytes(whole)
    again = ask(opening, cases, store)
    assert [score.verdict for score in again.scores] == [Verdict.EXACT] * 12
    assert again.info.finished


def test_a_model_server_that_goes_away_is_not_booked_as_wrong(opening: Opening) -> None:
    cases = tuple(case(f"Q{number}") for number in range(8))
    run = ask(replace(opening, answers=tuple((f"Q{n}", "no model") for n in range(1, 8))), cases)
    assert [score.verdict for score in run.scores] == [Verdict.EXACT] + [Verdict.HARNESS_ERROR] * 7
    assert [score.why for score in run.scores[5:]] == [
        "There is no model.",
        *["not asked: There is no model."] * 2,
    ]


def test_one_missing_database_of_many_keeps_only_its_own_cases_unasked(opening: Opening) -> None:
    cases = tuple(case(f"Q{n}", database="gone.sqlite" if n % 2 else "") for n in range(14))
    run = ask(opening, cases)
    assert [score.verdict for score in run.scores] == [Verdict.EXACT, Verdict.HARNESS_ERROR] * 7
    assert run.scores[13].why.startswith("not asked: There is no database gone.sqlite")


def test_what_is_missing_from_the_beginning_is_raised(opening: Opening, store: RunStore) -> None:
    for fails, error in (("no model", ModelError), ("no database", DatabaseError)):
        with pytest.raises(error, match=f"There is {fails}"):
            ask(replace(opening, fails=fails), store=store)
    unreachable = with_answers(opening, How="no model", Who="no model", Where="no model")
    with pytest.raises(ModelError, match="There is no model"):
        ask(unreachable, store=store)


def test_repeats_of_a_case_stand_together(opening: Opening) -> None:
    run = ask(opening, repeats=3)
    assert [(score.case, score.repeat) for score in run.scores[:4]] == [
        ("How many?", 0),
        ("How many?", 1),
        ("How many?", 2),
        ("Who?", 0),
    ]
    assert plain(run.scores[:1]) == [replace(score, repeat=0) for score in plain(run.scores[1:2])]
    with pytest.raises(SettingsError, match="0 repeats"):
        ask(opening, repeats=0)
