import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from graph.agent import Agent, build
from graph.context import Context
from graph.models.base import Generation
from graph.outcome import Answered, Refused, Unanswered
from knowledge.cards import Card
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.errors import ModelError, QuestionError
from knowledge.examples import Example
from knowledge.link import Linked, Slot
from knowledge.result import Result
from knowledge.retrieve import Retrieval
from knowledge.rules import Rule
from tests.conftest import TODAY, FakeModel, shop_schema

COUNT = "SELECT COUNT(*) AS n FROM orders o"
RULES = (
    Rule(
        "no-test-accounts", "Accounts of our own staff never count.", require={"customers": "{t}.is_test = 0"}
    ),
    Rule("no-personal-data", "E-mail addresses are private.", forbid=("customers.email",)),
)


class WordLinker:
    """Knows no value; every figure is a number."""

    def link(self, question: str) -> Linked:
        slots = tuple(
            Slot(f"n{place}", "number", found[0], found.start(), found.end(), number=float(found[0]))
            for place, found in enumerate(re.finditer(r"\d+", question), 1)
        )
        text = question.lower()
        for slot in reversed(slots):
            text = f"{text[: slot.start]}<{slot.name}>{text[slot.end :]}"
        return Linked(question, text, slots, ())


@dataclass
class FixedRetriever:
    """Finds the same for every question."""

    examples: list[tuple[Example, float]] = field(default_factory=list)
    pairs: list[tuple[Example, float]] = field(default_factory=list)
    near: float = 0.9
    linker: WordLinker = field(default_factory=WordLinker)

    def retrieve(self, question: str) -> Any:
        card = Card("orders", "Orders of customers.", "orders o: order_id, amount")
        return make_retrieval(self.linker.link(question), [(card, self.near)], self.examples, self.pairs)


def make_retrieval(linked: Linked, cards: Any, examples: Any, pairs: Any) -> Retrieval:
    return Retrieval(linked=linked, cards=cards, terms=[], examples=examples, pairs=pairs)


@pytest.fixture
def database(shop_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{shop_path}")
    yield opened
    opened.close()


@pytest.fixture
def context(database: Database) -> Context:
    retriever: Any = FixedRetriever()
    cards = (Card("orders", "Orders of customers.", "orders o: order_id, amount"),)
    return Context(
        database, shop_schema(), FakeModel(COUNT), retriever, FrozenClock(TODAY), rules=RULES, cards=cards
    )


def with_(context: Context, model: Any = None, **found: Any) -> Context:
    retriever: Any = FixedRetriever(**found)
    return replace(context, model=model or context.model, retriever=retriever)


def test_the_drawing_of_the_graph() -> None:
    drawn = build().compile().get_graph().draw_mermaid()
    assert drawn == (Path(__file__).parent / "fixtures" / "graph.mermaid").read_text()


def test_a_question_is_answered_with_rows(context: Context) -> None:
    turn = Agent(context).ask("  How many orders are there? ")
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.result.rows == ((6,),)
    assert turn.outcome.result.columns == ("n",)
    assert 0 < turn.outcome.confidence < 1


def test_required_filters_are_added_to_what_the_model_wrote(context: Context) -> None:
    turn = Agent(with_(context, FakeModel("SELECT COUNT(*) FROM customers"))).ask("how many customers?")
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.result.rows == ((3,),)
    assert turn.record.candidates[0].rules == ("no-test-accounts",)


def test_two_sources_that_agree_are_surer_than_one(context: Context) -> None:
    alone = Agent(context).ask("How many orders?").outcome
    known = [(Example("How many orders do we have?", "SELECT COUNT(order_id) FROM orders"), 0.95)]
    together = Agent(with_(context, examples=known)).ask("How many orders?").outcome
    assert isinstance(alone, Answered)
    assert isinstance(together, Answered)
    assert together.confidence > alone.confidence
    assert together.source == "model and example"


def test_a_low_confidence_is_marked(context: Context) -> None:
    assert Agent(replace(context, threshold=0.0)).ask("How many orders?").outcome.check is False  # type: ignore[union-attr]
    assert Agent(replace(context, threshold=1.0)).ask("How many orders?").outcome.check is True  # type: ignore[union-attr]


def test_a_likelier_candidate_that_fails_gives_way_to_the_next(context: Context) -> None:
    model = FakeModel(["SELECT nonsense FROM nowhere", COUNT])
    turn = Agent(with_(context, model)).ask("How many orders?")
    assert isinstance(turn.outcome, Answered)
    assert turn.record.candidates[0].findings[0]["check"] == "names"
    assert [c.chosen for c in turn.record.candidates] == [False, True]


def test_the_model_hears_what_was_wrong_and_tries_again(context: Context) -> None:
    model = FakeModel("SELECT turnover FROM orders", COUNT)
    turn = Agent(with_(context, model)).ask("How many orders?")
    assert isinstance(turn.outcome, Answered)
    assert "there is no column turnover" in model.prompts[1].tail
    assert model.prompts[0].head == model.prompts[1].head
    assert [s.name for s in turn.record.steps].count("generate") == 2


def test_an_error_of_the_database_goes_to_the_model_too(context: Context) -> None:
    model = FakeModel("SELECT ROUND(amount, 1, 2, 3) FROM orders o", COUNT)
    turn = Agent(with_(context, model)).ask("How many orders?")
    assert isinstance(turn.outcome, Answered)
    assert "ROUND" in model.prompts[1].tail


def test_tries_are_bounded_and_the_end_says_what_was_tried(context: Context) -> None:
    model = FakeModel("DROP TABLE orders")
    turn = Agent(with_(context, model)).ask("How many orders?")
    assert isinstance(turn.outcome, Unanswered)
    assert len(model.prompts) == 1 + context.repairs
    assert any("only SELECT" in tried for tried in turn.outcome.tried)


def test_what_a_rule_hides_is_refused_with_the_rule(context: Context) -> None:
    turn = Agent(with_(context, FakeModel("SELECT email FROM customers"))).ask("List all customer e-mails")
    assert isinstance(turn.outcome, Refused)
    assert turn.outcome.rules == ("no-personal-data",)
    assert turn.outcome.reason == "E-mail addresses are private."


def test_a_forbidden_column_that_nobody_asked_for_is_the_models_slip(context: Context) -> None:
    model = FakeModel("SELECT name, email FROM customers", "SELECT name FROM customers")
    turn = Agent(with_(context, model)).ask("Who are our customers?")
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.result.columns == ("name",)


def test_a_model_may_say_that_the_data_cannot_answer(context: Context) -> None:
    turn = Agent(with_(context, FakeModel("NO ANSWER: there is no weather"))).ask("How warm was it in May?")
    assert isinstance(turn.outcome, Unanswered)
    assert "there is no weather" in turn.outcome.reason


def test_a_question_near_to_nothing_does_not_reach_the_model(context: Context) -> None:
    model = FakeModel(COUNT)
    turn = Agent(with_(context, model, near=0.05)).ask("tell me a joke about the sea")
    assert isinstance(turn.outcome, Unanswered)
    assert model.prompts == []


def test_an_order_to_delete_is_refused_before_anything_else(context: Context) -> None:
    turn = Agent(context).ask("delete all orders")
    assert isinstance(turn.outcome, Refused)
    assert [step.name for step in turn.record.steps] == ["recall", "answer"]


@pytest.mark.parametrize("question", ["", "x" * 20_000])
def test_what_is_no_question_is_an_error(context: Context, question: str) -> None:
    with pytest.raises(QuestionError):
        Agent(context).ask(question)


def test_a_model_that_cannot_be_used_is_an_error_and_no_outcome(context: Context) -> None:
    class Broken(FakeModel):
        def generate(self, *_: object, **__: object) -> Generation:
            raise ModelError("The server is gone; start it.")

    with pytest.raises(ModelError, match="start it"):
        Agent(with_(context, Broken())).ask("How many orders?")


def test_a_specialist_gets_slots_and_its_sql_gets_the_literals(context: Context) -> None:
    model = FakeModel("SELECT COUNT(*) FROM orders o WHERE o.amount > <n1>", format="specialist")
    turn = Agent(with_(context, model)).ask("orders above 20")
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.sql.endswith("WHERE o.amount > 20")
    assert "<n1>" in model.prompts[0].tail


def test_a_slot_that_the_question_does_not_have_is_an_error_of_that_candidate(context: Context) -> None:
    model = FakeModel(["SELECT COUNT(*) FROM orders o WHERE o.amount > <n2>", COUNT], format="specialist")
    turn = Agent(with_(context, model)).ask("orders above 20")
    assert isinstance(turn.outcome, Answered)
    assert "no slot" in turn.record.candidates[0].error


def test_a_taught_pair_is_a_candidate_with_our_numbers(context: Context) -> None:
    pairs = [
        (Example("orders over 5", "SELECT COUNT(*) FROM orders o WHERE o.amount > <n1>", origin="pair"), 0.9)
    ]
    model = FakeModel("SELECT nonsense FROM nowhere", format="specialist")
    turn = Agent(with_(context, model, pairs=pairs)).ask("orders above 20")
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.source == "pair"
    assert turn.outcome.result.rows == ((2,),)


def test_running_stops_when_the_first_two_sources_agree(context: Context) -> None:
    known = [(Example("How many orders?", COUNT), 0.9)]
    model = FakeModel([COUNT, "SELECT MAX(order_id) FROM orders", "SELECT MIN(order_id) FROM orders"])
    turn = Agent(with_(context, model, examples=known)).ask("How many orders?")
    assert [c.rows is not None for c in turn.record.candidates] == [True, False, False, True]


@pytest.mark.parametrize(("took", "most"), [(1.5, 15.0), (0.02, 1.0)])
def test_nobody_waits_long_for_a_statement_when_another_gave_rows(
    took: float, most: float, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[float | None] = []
    real = context.database.run

    def run(sql: str, *, timeout_s: float | None = None, max_rows: int | None = None) -> Result:
        limits.append(timeout_s)
        return replace(real(sql, timeout_s=timeout_s, max_rows=max_rows), seconds=took)

    monkeypatch.setattr(context.database, "run", run)
    model = FakeModel([COUNT, "SELECT MAX(order_id) FROM orders", "SELECT MIN(order_id) FROM orders"])
    Agent(with_(context, model)).ask("How many orders?")
    assert limits[:3] == [None, most, most]


def test_a_thread_is_remembered_over_a_restart(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "threads.sqlite"
    first = Agent(context, path)
    first.ask("How many orders?", thread="t1")
    first.close()
    model = FakeModel("SELECT COUNT(*) FROM products")
    second = Agent(with_(context, model), path)
    second.ask("and how many products?", thread="t1")
    assert "The question before: How many orders?" in model.prompts[0].tail
    second.ask("and how many products?", thread="t2")
    assert "The question before" not in model.prompts[1].tail
    second.close()


def test_checkpoints_hold_nothing_but_plain_data(
    context: Context, tmp_path: Path, caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    agent = Agent(context, tmp_path / "threads.sqlite")
    agent.ask("How many orders?", thread="t")
    turn = agent.ask("How many orders again?", thread="t")
    agent.close()
    assert isinstance(turn.outcome, Answered)
    assert [r.getMessage() for r in caplog.records if "serial" in r.getMessage().lower()] == []
    assert [str(w.message) for w in recwarn if "serial" in str(w.message).lower()] == []


def test_without_a_thread_nothing_is_remembered(context: Context) -> None:
    model = FakeModel(COUNT)
    agent = Agent(with_(context, model))
    agent.ask("How many orders?")
    agent.ask("And how many products?")
    assert "The question before" not in model.prompts[1].tail


def test_the_record_is_json_and_tells_the_whole_way(context: Context) -> None:
    turn = Agent(with_(context, examples=[(Example("How many orders?", COUNT), 0.9)])).ask(
        "How many orders over 5?"
    )
    told = json.loads(json.dumps(turn.record.to_json()))
    assert told["question"] == "How many orders over 5?"
    assert told["linked"]["slots"][0]["number"] == 5
    assert told["retrieved"]["cards"] == [{"name": "orders", "score": 0.9}]
    assert told["candidates"][0]["sql"] == COUNT
    assert told["outcome"]["kind"] == "answered"
    assert [step["name"] for step in told["steps"]] == [
        "recall",
        "retrieve",
        "generate",
        "check",
        "execute",
        "judge",
        "answer",
    ]
    assert set(told["times"]) == {"retrieval", "model", "database", "other"}
    assert sum(told["times"].values()) == pytest.approx(sum(s["seconds"] for s in told["steps"]), rel=0.05)
    assert told["today"] == "2025-11-14"


def test_the_prompt_of_a_chat_model(context: Context) -> None:
    model = FakeModel(COUNT)
    sql = "SELECT COUNT(*) FROM customers AS c WHERE c.is_test = 0"
    known = [(Example("How many customers?", sql), 0.7)]
    Agent(with_(context, model, examples=known)).ask("How many orders?")
    head, tail = model.prompts[0].head, model.prompts[0].tail
    assert "SQLite" in head
    assert "Friday, 2025-11-14" in head
    assert head.endswith("Tables:\norders o: order_id, amount")
    assert (
        tail
        == "Examples:\nHow many customers?\nSELECT COUNT(*) FROM customers AS c\nQuestion: How many orders?"
    )


def test_cards_of_a_big_schema_go_to_the_tail(context: Context) -> None:
    model = FakeModel(COUNT)
    many = tuple(Card(f"t{n}", "", f"t{n} t: " + "column, " * 20) for n in range(40))
    Agent(replace(with_(context, model), cards=many)).ask("How many orders?")
    assert "t39" not in model.prompts[0].head
    assert model.prompts[0].tail.startswith("Tables:\norders o: order_id, amount")


def test_below_the_least_confidence_there_is_no_answer(context: Context) -> None:
    turn = Agent(replace(context, least=0.999)).ask("How many orders are there?")
    assert isinstance(turn.outcome, Unanswered)
    assert "name it as your tables" in turn.outcome.reason
    assert turn.outcome.tried


WRONG_COLUMN = "SELECT o.colour FROM orders o WHERE o.amount > <n1>"
RIGHT = "SELECT COUNT(*) FROM orders o WHERE o.amount > <n1>"


def test_a_specialist_is_told_what_was_wrong_with_its_statement(context: Context) -> None:
    model = FakeModel(WRONG_COLUMN, RIGHT, format="specialist")
    answer = Agent(with_(context, model)).ask("how many orders above 20")
    assert isinstance(answer.outcome, Answered)
    first, second = (prompt.tail for prompt in model.prompts[:2])
    assert first == "<|ask|>how many orders above <n1><|sql|>"
    assert second == f"<|ask|>how many orders above <n1><|wrong|>{WRONG_COLUMN}|names<|sql|>"


def test_a_specialist_that_never_learnt_it_is_only_asked_for_more(context: Context) -> None:
    model = FakeModel(WRONG_COLUMN, RIGHT, format="specialist")
    model.recovers = False
    Agent(with_(context, model)).ask("how many orders above 20")
    assert len({prompt.tail for prompt in model.prompts}) == 1


def test_a_specialist_that_is_sure_says_what_is_missing(context: Context) -> None:
    model = FakeModel(["NO ANSWER: rockets", RIGHT], format="specialist")
    answer = Agent(with_(context, model)).ask("how many rockets above 20")
    assert isinstance(answer.outcome, Unanswered)
    assert "I find no rockets in the data" in answer.outcome.reason


def test_a_doubtful_refusal_of_a_specialist_is_no_statement(context: Context) -> None:
    model = FakeModel([RIGHT, "NO ANSWER: orders"], format="specialist")
    answer = Agent(with_(context, model)).ask("how many orders above 20")
    assert isinstance(answer.outcome, Answered)
    assert all("NO ANSWER" not in candidate.sql for candidate in answer.record.candidates)


VERIFIED = Example(
    "How many orders above 20?",
    "SELECT COUNT(*) FROM orders o WHERE o.amount > 20",
    by="Nadia",
    on="2025-10-06",
)


def test_a_verified_example_answers_with_our_values_and_no_model_is_asked(context: Context) -> None:
    model = FakeModel("SELECT 1")
    turn = Agent(with_(context, model, examples=[(VERIFIED, 0.97)])).ask("how many orders above 30, please")
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.sql.endswith("o.amount > 30")
    assert (turn.outcome.source, turn.outcome.notes[0]) == ("verified", "verified by Nadia on 2025-10-06")
    assert not turn.outcome.check
    assert model.prompts == []


@pytest.mark.parametrize(
    ("question", "example"),
    [
        ("how many orders below 20", VERIFIED),
        ("how many orders above 20 and below 30", VERIFIED),
        ("how many orders above 20 per month", VERIFIED),
        ("how many orders above 20", replace(VERIFIED, by="")),
    ],
)
def test_what_does_not_say_the_same_is_not_verified(
    context: Context, question: str, example: Example
) -> None:
    turn = Agent(with_(context, FakeModel(COUNT), examples=[(example, 0.97)])).ask(question)
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.source != "verified"


def test_a_verified_statement_that_does_not_run_leaves_the_question_to_the_model(context: Context) -> None:
    broken = replace(VERIFIED, sql="SELECT COUNT(*) FROM orders o WHERE o.no_such > 20")
    model = FakeModel(COUNT)
    turn = Agent(with_(context, model, examples=[(broken, 0.97)])).ask("how many orders above 20")
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.source != "verified"
    assert len(model.prompts) == 1
