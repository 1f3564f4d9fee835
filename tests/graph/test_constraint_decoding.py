import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.checks import CheckContext, Finding
from graph.checks.functions import functions
from graph.checks.names import names
from graph.checks.parse import parse
from graph.checks.read_only import read_only
from graph.constraint import Constraint, constraint_for
from graph.constraint import vocabulary as vocabularies
from graph.constraint.lookup import Lookup
from graph.constraint.names import names_of
from graph.constraint.vocabulary import VocabularyError, vocabulary_of
from graph.models.base import Prompt
from graph.models.llama import LlamaModel
from graph.prompts import NO_ANSWER
from graph.specialist import SLOTS
from knowledge.clock import FrozenClock
from knowledge.database import Database
from tests.bench.replay import replaying
from tests.conftest import shop_schema
from tests.graph.held import accepted
from tests.graph.tiny_gguf import JOIN, write_tiny_gguf

pytestmark = pytest.mark.real

CHAT = constraint_for(shop_schema(), refusal=NO_ANSWER)
SPECIALIST = constraint_for(shop_schema(), slots=SLOTS)
CONTEXT = CheckContext(shop_schema(), (), "", FrozenClock(dt.date(2025, 11, 14)))
KESTREL = Path(__file__).parents[2] / "assistant" / "demo" / "workspace" / "models" / "kestrel.gguf"
QUESTIONS = (
    "revenue in <v1> <d1>",
    "orders by city",
    "top <n1> customers",
    "how many",
    "price of tea",
    "who",
)


@pytest.fixture(scope="module")
def specialist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaModel]:
    file = write_tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf", format="specialist")
    model = LlamaModel(file, context=512, threads=1)
    yield model
    model.close()


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaModel]:
    model = LlamaModel(
        write_tiny_gguf(tmp_path_factory.mktemp("gguf") / "chat.gguf"), context=1024, threads=1
    )
    yield model
    model.close()


def is_in_order(text: str) -> bool:
    """Whether the gate's parse and names have nothing to say."""
    for slot in SLOTS:
        text = text.replace(slot, "1")
    tree = parse(text, CONTEXT)
    if isinstance(tree, Finding):
        return False
    return not any(check(tree, CONTEXT).findings for check in (read_only, functions, names))


@pytest.mark.parametrize("question", QUESTIONS)
def test_random_weights_write_what_the_constraint_allows(specialist: LlamaModel, question: str) -> None:
    found = specialist.generate(Prompt("", question), 3, 90, SPECIALIST).candidates
    for candidate in found:
        allowed = accepted(SPECIALIST, candidate.text)
        assert allowed in (candidate.text, f"{candidate.text} ..."), candidate.text
        assert candidate.tokens >= 90 or is_in_order(candidate.text)


def test_random_weights_of_a_chat_model_do_so_too(chat: LlamaModel) -> None:
    said = chat.generate(Prompt("Say SQL.", "How many orders?"), 2, 60, CHAT)
    assert said.extra["constraint"] == "grammar"
    free = chat.generate(Prompt("Say SQL.", "How many orders?"), 2, 60)
    assert free.extra["constraint"] == ""
    for candidate in said.candidates:
        assert accepted(CHAT, candidate.text).startswith(candidate.text.rstrip())
    assert accepted(CHAT, free.candidates[0].text) != free.candidates[0].text


def test_the_same_prompt_gives_the_same_candidates_under_a_constraint(specialist: LlamaModel) -> None:
    first = specialist.generate(Prompt("", QUESTIONS[0]), 3, 40, SPECIALIST)
    specialist.generate(Prompt("", QUESTIONS[1]), 2, 40)
    again = specialist.generate(Prompt("", QUESTIONS[0]), 3, 40, SPECIALIST)
    assert [c.text for c in first.candidates] == [c.text for c in again.candidates]
    assert [c.logprob for c in first.candidates] == pytest.approx(
        [c.logprob for c in again.candidates], abs=1e-4
    )


def test_only_slots_that_fit_are_written(specialist: LlamaModel) -> None:
    asked: list[tuple[str, str]] = []

    def fits(before: str, slot: str) -> bool:
        asked.append((before, slot))
        return slot == "<n1>"

    replay = replaying(specialist)
    target = "SELECT COUNT(*) FROM orders o WHERE o.amount > <v1>"
    tokens = specialist._llama.tokenize(target.encode(), add_bos=False, special=True)
    replay.prompt_length = len(specialist._tokens(Prompt("", "q")))
    replay.target = [*tokens, specialist._llama.token_eos()]
    free = specialist.generate(Prompt("", "q"), 1, 80, SPECIALIST).candidates[0].text
    held = specialist.generate(Prompt("", "q"), 1, 80, SPECIALIST.where(fits)).candidates[0].text
    replay.target = ()
    assert free == target
    assert "<v1>" not in held
    assert asked[0][0].endswith("FROM orders o WHERE o.amount > ")
    assert asked[0][1] == "<v1>"


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT SUM(o.amount) FROM orders o{JOIN} WHERE cu.city = <v1>",
        "SELECT cu.city, COUNT(*) FROM customers cu WHERE cu.signed_up_at >= <d1> GROUP BY 1 LIMIT <n1>",
    ],
)
def test_the_masks_have_the_tokens_that_the_model_was_taught(specialist: LlamaModel, sql: str) -> None:
    """Slots and whole joins are single tokens; in this vocabulary the alias of customers is `cu`."""
    schema = shop_schema()
    schema.__dict__["aliases"] = {"customers": "cu", "orders": "o", "products": "p"}
    constraint = Constraint(names_of(schema), SLOTS)
    vocabulary = vocabulary_of(specialist._llama, SLOTS)
    assert {"<v1>", "<d1>", "<n1>"} <= vocabulary.special
    _follow(constraint, vocabulary, specialist._llama.tokenize(sql.encode(), add_bos=False, special=True))


@pytest.mark.skipif(not KESTREL.is_file(), reason="the shipped specialist is not here")
def test_the_shipped_specialist_can_write_its_pairs_in_its_own_tokens(kestrel: Path) -> None:
    model = LlamaModel(KESTREL, threads=1)
    database = Database.open(f"sqlite:///{kestrel}")
    constraint = constraint_for(database.schema(), slots=SLOTS)
    database.close()
    vocabulary = vocabulary_of(model._llama, SLOTS)
    lines = KESTREL.with_suffix(".pairs.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines[::20]:
        sql = json.loads(line)["sql"]
        _follow(constraint, vocabulary, model._llama.tokenize(sql.encode(), add_bos=False, special=True))
    model.close()


def _follow(constraint: Constraint, vocabulary: vocabularies.Vocabulary, tokens: list[int]) -> None:
    """Each token is in the mask where it is due; what is forced is what the tokenizer makes of the text."""
    matcher = constraint.matcher(vocabulary)
    for place, token in enumerate(tokens):
        forced = matcher.forced()
        assert forced == tokens[place : place + len(forced)]
        assert matcher.mask()[token]
        assert matcher.allows(token), [vocabulary.text(one) for one in tokens[: place + 1]]
        matcher.take(token)
    assert matcher.allows_end()


def test_drafts_from_the_prompt_change_nothing_but_the_time(chat: LlamaModel) -> None:
    example = (
        "SELECT c.city, SUM(o.amount) AS revenue FROM orders o "
        "JOIN customers c ON c.customer_id = o.customer_id"
    )
    target = f"{example} WHERE o.status = 'paid' GROUP BY c.city"
    prompt = Prompt(
        "Say SQL.", f"Examples:\n{example} GROUP BY c.city ORDER BY revenue DESC\nQuestion: paid ones?"
    )
    replay = replaying(chat)
    replay.prompt_length = len(chat._tokens(prompt))
    replay.target = [*chat._llama.tokenize(target.encode(), add_bos=False), chat._llama.token_eos()]
    said = {}
    for drafts in (False, True):
        chat.drafts, replay.calls = drafts, 0
        for constraint in (None, CHAT):
            made = chat.generate(prompt, 2, 200, constraint)
            said[drafts, constraint is None] = made
    replay.target = ()
    for free in (True, False):
        plain, drafted = said[False, free], said[True, free]
        assert [c.text for c in plain.candidates] == [c.text for c in drafted.candidates]
        assert [c.logprob for c in plain.candidates] == pytest.approx(
            [c.logprob for c in drafted.candidates], abs=1e-3
        )
        assert plain.extra["drafted"] == 0
        assert int(str(drafted.extra["accepted"])) > 60
    assert said[True, False].candidates[0].text == target


def test_what_the_grammar_forces_needs_no_choice(chat: LlamaModel) -> None:
    replay = replaying(chat)
    prompt = Prompt("Say SQL.", "How many?")
    target = "SELECT ordered_at FROM orders ORDER BY ordered_at"
    replay.prompt_length = len(chat._tokens(prompt))
    replay.target = [*chat._llama.tokenize(target.encode(), add_bos=False), chat._llama.token_eos()]
    chat.drafts, replay.calls = False, 0
    made = chat.generate(prompt, 1, 100, CHAT)
    assert made.candidates[0].text == target
    assert int(str(made.extra["forced"])) > 5
    assert replay.calls < len(replay.target) - 5
    replay.target = ()


def test_a_vocabulary_that_cannot_be_read_leaves_it_to_gbnf(
    chat: LlamaModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> vocabularies.Vocabulary:
        raise VocabularyError("token 7 has no bytes")

    monkeypatch.setattr(vocabularies, "vocabulary_of", broken)
    monkeypatch.setattr(chat, "_vocabulary", None)
    made = chat.generate(Prompt("Say SQL.", "How many?"), 1, 4, CHAT)
    assert made.extra["constraint"] == "gbnf"
    assert made.candidates


def test_a_draft_is_what_followed_the_longest_run() -> None:
    lookup = Lookup([1, 2, 3, 4, 5, 9, 2, 3])
    assert lookup.draft() == [4, 5, 9, 2]
    lookup.add(7)
    assert lookup.draft() == []
    lookup.restart([1, 2, 3])
    assert lookup.draft()[:2] == [4, 5]


def test_drafts_grow_while_they_come_true_and_shrink_after() -> None:
    lookup = Lookup([*range(40), 1, 2, 3])
    lookup.came_true(4, 4)
    assert len(lookup.draft()) == 8
    lookup.came_true(8, 1)
    assert len(lookup.draft()) == 4


def test_what_was_babbled_runs(specialist: LlamaModel, shop_path: Path) -> None:
    """Names and shape are right, so a database takes most of it; sense it makes none."""
    texts = [
        c.text
        for question in QUESTIONS
        for c in specialist.generate(Prompt("", question), 3, 60, SPECIALIST).candidates
        if c.tokens < 60
    ]
    connection = sqlite3.connect(f"file:{shop_path}?mode=ro", uri=True)
    for text in texts:
        for slot in SLOTS:
            text = text.replace(slot, "1")
        connection.execute(f"EXPLAIN {text}")
    connection.close()
