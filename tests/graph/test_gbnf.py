"""llama.cpp's own grammars, on a vocabulary of bytes: what they hold alone, and with the scope of names."""

import gc
import json
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from graph.checks.functions import functions
from graph.checks.names import names
from graph.checks.parse import parse
from graph.checks.read_only import read_only
from graph.constraint import Constraint, constraint_for, llama_grammar
from graph.constraint import vocabulary as vocabularies
from graph.constraint.gbnf_words import name_but, pattern, spelled
from graph.constraint.llama_grammar import LlamaVocabulary
from graph.constraint.vocabulary import VocabularyError
from graph.models import open_model
from graph.models.base import Prompt
from graph.models.chat import ChatModel
from graph.models.llama import LlamaModel
from graph.prompts import NO_ANSWER
from graph.specialist import SLOTS
from knowledge.errors import ModelError
from knowledge.schema import Column, Schema, Table
from tests.bench.replay import replaying
from tests.conftest import shop_schema
from tests.graph import held
from tests.graph.test_constraint_grammar import context
from tests.graph.test_gate import statements
from tests.graph.tiny_gguf import write_tiny_gguf
from tests.servers.openai_server import openai_server

DIALECTS = ("sqlite", "postgres", "mysql", "duckdb")
CHAT = constraint_for(shop_schema(), refusal=NO_ANSWER)
SPECIALIST = constraint_for(shop_schema(), slots=SLOTS)
PROMPT = Prompt("Say SQL.", "How many orders?")

OUT_OF_REACH = {
    "the column of another table, at its alias",
    "the column of another table, after FROM",
    "a bare column of another table",
    "an alias that no table has",
    "a table that is not joined",
    "a table that is joined later",
    "one alias twice",
    "a table's name where it has an alias",
    "what a derived table does not give",
    "what a common table expression does not give",
    "a derived table does not see its neighbours",
    "set operations of unequal width",
    "a subquery of two columns where one is due",
    "an aggregate in WHERE",
    "grouping by the place of an aggregate",
    "the place of no column",
}
"""Of constraint_bad.sql: what only the scope sees, so that on a server the checks alone stop it."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(scope="module")
def chat(file: Path) -> Iterator[LlamaModel]:
    model = LlamaModel(file, context=1024, threads=1)
    yield model
    model.close()


@pytest.fixture(scope="module")
def specialist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaModel]:
    path = write_tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf", format="specialist")
    model = LlamaModel(path, context=512, threads=1)
    yield model
    model.close()


@pytest.fixture(scope="module")
def vocabulary(chat: LlamaModel) -> LlamaVocabulary:
    return LlamaVocabulary(chat._llama)


@pytest.fixture
def without_llguidance(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "llguidance"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "llguidance", None)


def written(vocabulary: LlamaVocabulary, constraint: Constraint, text: str) -> str:
    """How far llama.cpp's grammar alone takes the text; all of it where it may end there."""
    grammar = vocabulary.matcher(constraint.key, lambda: constraint.gbnf)
    for place, byte in enumerate(text.encode()):
        if not grammar.consume_token(byte):
            return text.encode()[:place].decode(errors="replace")
    return text if grammar.is_accepting() else f"{text} ..."


def in_scope(vocabulary: LlamaVocabulary, constraint: Constraint, text: str) -> bool:
    matcher = constraint.matcher(vocabulary)
    for byte in text.encode():
        if not matcher.allows(byte):
            return False
        matcher.take(byte)
    return matcher.allows_end()


@pytest.mark.real
@pytest.mark.parametrize("slots", [(), SLOTS], ids=["chat", "specialist"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_llama_cpp_reads_the_grammar(
    vocabulary: LlamaVocabulary, dialect: str, slots: tuple[str, ...]
) -> None:
    constraint = constraint_for(shop_schema(dialect), slots=slots)
    assert vocabulary.matcher(object(), lambda: constraint.gbnf).validate_tokens(list(b"SELECT")) == 6


@pytest.mark.real
def test_a_grammar_that_llama_cpp_cannot_read_is_an_error(vocabulary: LlamaVocabulary) -> None:
    with pytest.raises(VocabularyError, match="cannot read"):
        vocabulary.matcher(object(), lambda: "root ::= missing\n")


@pytest.mark.real
@pytest.mark.parametrize(("dialect", "_", "sql"), statements("constraint_good.sql"))
def test_a_good_statement_can_be_written(vocabulary: LlamaVocabulary, dialect: str, _: str, sql: str) -> None:
    constraint = constraint_for(shop_schema(dialect))
    assert written(vocabulary, constraint, sql) == sql
    assert in_scope(vocabulary, constraint, sql)


@pytest.mark.real
@pytest.mark.parametrize(("dialect", "why", "sql"), statements("constraint_bad.sql"))
def test_a_bad_statement_cannot(vocabulary: LlamaVocabulary, dialect: str, why: str, sql: str) -> None:
    constraint = constraint_for(shop_schema(dialect))
    assert (written(vocabulary, constraint, sql) == sql) == (why in OUT_OF_REACH)
    assert not in_scope(vocabulary, constraint, sql)


@pytest.mark.real
@pytest.mark.parametrize(
    ("dialect", "check", "sql"),
    [case for case in statements("bad.sql") if case[1] in ("parse", "read_only", "functions")],
)
def test_what_the_first_wall_refuses_cannot_be_written(
    vocabulary: LlamaVocabulary, dialect: str, check: str, sql: str
) -> None:
    assert written(vocabulary, constraint_for(shop_schema(dialect)), sql) != sql, check


@pytest.mark.real
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT total FROM orders", "SELECT total FROM orders ..."),
        ("SELECT o.total FROM orders o", "SELECT o."),
        ("SELECT ord.total FROM orders ord", "SELECT ord.total FROM orders ord ..."),
        ("SELECT amount FROM orders WHERE spent > 1", "SELECT amount FROM orders WHERE spent"),
        ("SELECT COUNT(*) FROM invoices", "SELECT COUNT(*) FROM "),
        ("SELECT amount AS total FROM orders ORDER BY total", None),
        ("SELECT total FROM (SELECT amount AS total FROM orders) x WHERE total > 1", None),
        ("SELECT x.total, p.name FROM products p JOIN (SELECT 1 AS total) x ON x.total = p.product_id", None),
        ("WITH m AS (SELECT amount AS total FROM orders) SELECT total FROM m", None),
    ],
)
def test_names_of_no_table_need_a_query_that_gives_them(
    vocabulary: LlamaVocabulary, sql: str, said: str | None
) -> None:
    assert written(vocabulary, CHAT, sql) == (said or sql)


@pytest.mark.real
@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("```sql\nSELECT COUNT(*)\nFROM orders;\n```", True),
        ("SELECT COUNT(*) FROM orders;", True),
        (f"{NO_ANSWER} there are no suppliers", True),
        ("Sure! SELECT 1", False),
        ("SELECT 1; SELECT 2", False),
    ],
)
def test_a_reply_of_a_chat_model_has_one_query(vocabulary: LlamaVocabulary, text: str, fits: bool) -> None:
    assert (written(vocabulary, CHAT, text) == text) == fits


@pytest.mark.real
@pytest.mark.parametrize(
    ("sql", "fits"),
    [
        ("SELECT c.city FROM customers c WHERE c.city IN (<v1>, <v2>) LIMIT <n1>", True),
        ("SELECT a FROM (SELECT c.city AS a FROM customers c) WHERE a = <v1>", True),
        ("SELECT o2.order_id FROM orders o JOIN orders o2 ON o2.order_id = o.order_id", True),
        ("SELECT o.city FROM orders o", False),
        ("SELECT c.order_id FROM orders c", False),
        ("select o.order_id from orders o", False),
        ("SELECT o.order_id  FROM orders o", False),
        ("SELECT o.order_id FROM orders o WHERE o.amount > <v9>", False),
    ],
)
def test_a_specialist_has_slots_and_fixed_aliases(vocabulary: LlamaVocabulary, sql: str, fits: bool) -> None:
    assert (written(vocabulary, SPECIALIST, sql) == sql) == fits


@pytest.mark.real
def test_odd_names_are_written_in_quotes(vocabulary: LlamaVocabulary) -> None:
    odd = Schema("postgres", (Table("Order Log", (Column("order", "TEXT"), Column("Größe", "INTEGER"))),))
    sql = 'SELECT l."order", l."Größe" FROM "Order Log" l'
    assert written(vocabulary, constraint_for(odd), sql) == sql
    assert written(vocabulary, constraint_for(odd), "SELECT l.order FROM Order Log l") == "SELECT l.order"


@pytest.mark.real
def test_going_back_forgets_and_a_copy_goes_its_own_way(vocabulary: LlamaVocabulary) -> None:
    matcher = CHAT.matcher(vocabulary)
    for byte in b"SELECT o":
        assert matcher.allows(byte)
        matcher.take(byte)
    fork = matcher.copy()
    fork.back(1)
    assert fork.allows(ord("c"))
    fork.take(ord("c"))
    assert fork.allows(ord("."))
    matcher.take(ord("."))
    assert not matcher.allows(ord("x"))
    with pytest.raises(ValueError, match=r"scope|allow"):
        matcher.take(ord("x"))


@pytest.mark.real
def test_a_mask_lacks_nothing_that_may_follow(vocabulary: LlamaVocabulary) -> None:
    matcher = CHAT.matcher(vocabulary)
    assert not matcher.mask()[vocabulary.ends].any()
    for byte in b"SELECT amount FROM orders":
        mask = matcher.mask()
        allowed = [token for token in range(vocabulary.size) if matcher.allows(token)]
        assert byte in allowed
        assert mask[allowed].all()
        assert mask[vocabulary.ends].all() or not matcher.allows_end()
        matcher.take(byte)
    assert matcher.mask()[vocabulary.ends].all()


@pytest.mark.real
def test_the_marks_of_a_chats_turns_are_no_text(vocabulary: LlamaVocabulary, chat: LlamaModel) -> None:
    matcher = CHAT.matcher(vocabulary)
    for byte in b"SELECT '":
        matcher.take(byte)
    mark = chat._llama.tokenize(b"<|im_start|>", add_bos=False, special=True)
    assert len(mark) == 1
    assert not matcher.allows(mark[0])
    assert matcher.allows(ord("<"))


@pytest.mark.real
def test_every_sampler_is_freed(vocabulary: LlamaVocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[Any]] = []
    begun = llama_grammar._Sampler.__init__

    def noted(self: Any, pointer: Any) -> None:
        begun(self, pointer)
        made.append(weakref.ref(self))

    monkeypatch.setattr(llama_grammar._Sampler, "__init__", noted)
    matcher = CHAT.matcher(vocabulary)
    for byte in b"SELECT":
        matcher.take(byte)
        fork = matcher.copy()
        fork.back(1)
        assert fork.allows(byte)
    del matcher, fork
    gc.collect()
    assert len(made) >= 6
    assert [one for one in made if one() is not None] == []


@pytest.mark.real
@pytest.mark.usefixtures("without_llguidance")
def test_without_llguidance_llama_cpp_holds_the_model(
    chat: LlamaModel, vocabulary: LlamaVocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "_vocabulary", None)
    made = chat.generate(PROMPT, 2, 60, CHAT)
    assert made.extra["constraint"] == "gbnf"
    assert made.candidates
    for candidate in made.candidates:
        text = candidate.text
        assert text.startswith(NO_ANSWER) or written(vocabulary, CHAT, text) in (text, f"{text} ...")


@pytest.mark.real
@pytest.mark.usefixtures("without_llguidance")
@pytest.mark.parametrize(
    ("wanted", "is_right"),
    [
        ("SELECT c.city, COUNT(*) FROM customers c WHERE c.name = <v1> GROUP BY c.city", True),
        ("SELECT o.city FROM orders o", False),
        ("DELETE FROM orders", False),
    ],
)
def test_without_llguidance_a_specialist_writes_what_it_wants_where_that_is_right(
    specialist: LlamaModel, monkeypatch: pytest.MonkeyPatch, wanted: str, is_right: bool
) -> None:
    monkeypatch.setattr(specialist, "_vocabulary", None)
    replay = replaying(specialist)
    replay.prompt_length = len(specialist._tokens(Prompt("", "q")))
    tokens = specialist._llama.tokenize(wanted.encode(), add_bos=False, special=True)
    replay.target = [*tokens, specialist._llama.token_eos()]
    made = specialist.generate(Prompt("", "q"), 1, 80, SPECIALIST)
    replay.target = ()
    assert made.extra["constraint"] == "gbnf"
    assert (made.candidates[0].text == wanted) == is_right
    if is_right:
        sqlglot.parse_one(made.candidates[0].text.replace("<v1>", "1"), dialect="sqlite")


@pytest.mark.real
@pytest.mark.usefixtures("without_llguidance")
def test_a_slot_stands_only_where_it_fits(specialist: LlamaModel) -> None:
    vocabulary = LlamaVocabulary(specialist._llama, SLOTS)
    matcher = SPECIALIST.where(lambda before, slot: slot == "<n1>").matcher(vocabulary)
    for byte in b"SELECT COUNT(*) FROM orders o WHERE o.amount > ":
        matcher.take(byte)
    slots = {name: specialist._llama.tokenize(name.encode(), add_bos=False, special=True) for name in SLOTS}
    assert [name for name, ids in slots.items() if len(ids) == 1 and matcher.allows(ids[0])] == ["<n1>"]


@pytest.mark.real
def test_whatever_is_babbled_can_be_parsed_and_names_what_is_there(
    vocabulary: LlamaVocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "byte_vocabulary", lambda: vocabulary)
    ended = 0
    for dialect, slots, seed in product(DIALECTS, ((), SLOTS), (5, 8, 28, 41, 45)):
        constraint, checked = constraint_for(shop_schema(dialect), slots=slots), context(dialect)
        text, end = held.babble(constraint, seed, most=32)
        for slot in slots:
            text = text.replace(slot, "1")
        if end:
            ended += 1
            tree = parse(text.removeprefix("```sql\n").removesuffix("```"), checked)
            assert isinstance(tree, sqlglot.exp.Expression), text
            assert [check(tree, checked).findings for check in (read_only, functions, names)] == [()] * 3, (
                text
            )
    assert ended


def test_the_package_is_imported_without_llguidance() -> None:
    code = (
        "import sys; sys.modules['llguidance'] = None\n"
        "import graph.constraint.matcher, graph.models.decoding, graph.models.llama\n"
        "assert 'llama_cpp' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.real
@pytest.mark.parametrize("question", ["orders by city", "how many", "revenue in <v1>"])
def test_both_grammars_write_the_same(
    specialist: LlamaModel, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    prompt = Prompt("", question)
    said = specialist.generate(prompt, 1, 60, SPECIALIST)
    monkeypatch.setattr(vocabularies, "vocabulary_of", _broken)
    monkeypatch.setattr(specialist, "_vocabulary", None)
    again = specialist.generate(prompt, 1, 60, SPECIALIST)
    assert (said.extra["constraint"], again.extra["constraint"]) == ("grammar", "gbnf")
    assert again.candidates[0].text == said.candidates[0].text


@pytest.mark.real
def test_where_neither_can_be_had_the_reason_is_said(
    chat: LlamaModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabularies, "vocabulary_of", _broken)
    monkeypatch.setattr(chat, "_vocabulary", None)
    monkeypatch.setattr(llama_grammar.LlamaVocabulary, "matcher", _broken)
    made = chat.generate(PROMPT, 1, 4, CHAT)
    assert made.extra["constraint"] == "none: token 7 has no bytes; token 7 has no bytes"
    assert made.candidates


def _broken(*_: object) -> Any:
    raise VocabularyError("token 7 has no bytes")


@pytest.mark.real
def test_a_server_of_llama_cpp_is_held_by_the_grammar(file: Path, tmp_path: Path) -> None:
    pytest.importorskip("fastapi")
    with openai_server(file) as url:
        free = open_model("openai:tiny", tmp_path, url=url).generate(PROMPT, 1, 24, CHAT)
        model = open_model("openai:tiny", tmp_path, url=url, constraint="gbnf")
        made = model.generate(PROMPT, 1, 24, constraint_for(shop_schema()))
    assert free.extra["constraint"] == "none: the server decodes"
    assert made.extra["constraint"] == "gbnf, by the server"
    beginnings = ("SELECT", "select", "WITH", "with")
    assert made.candidates[0].text.startswith(beginnings)
    assert not free.candidates[0].text.startswith(beginnings)


class Stub:
    """A server that notes what it is asked and answers with `status` and `content`."""

    def __init__(self, status: int, content: str) -> None:
        self.asked: list[dict[str, Any]] = []
        reply: dict[str, Any] = {"error": {"message": "Unrecognized request argument supplied: grammar"}}
        if status == 200:
            message = {"role": "assistant", "content": content}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            reply = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                body = json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def stub() -> Iterator[Callable[..., Stub]]:
    begun: list[Stub] = []

    def begin(status: int = 200, content: str = "SELECT 1") -> Stub:
        begun.append(Stub(status, content))
        return begun[-1]

    yield begin
    for one in begun:
        one.server.shutdown()
        one.server.server_close()


def test_each_server_gets_the_grammar_in_its_own_field(stub: Callable[..., Stub]) -> None:
    server = stub()
    for constraint in ("", "gbnf", "vllm"):
        made = ChatModel("openai:m", url=server.url, constraint=constraint).generate(PROMPT, 1, 8, CHAT)
        assert made.candidates[0].text == "SELECT 1"
    free, llama, vllm = server.asked
    assert {*free} & {"grammar", "structured_outputs", "response_format"} == set()
    assert llama["grammar"] == CHAT.gbnf
    assert vllm["structured_outputs"] == {"grammar": CHAT.gbnf}


def test_without_a_constraint_nothing_is_sent(stub: Callable[..., Stub]) -> None:
    server = stub()
    made = ChatModel("openai:m", url=server.url, constraint="gbnf").generate(PROMPT, 1, 8)
    assert "grammar" not in server.asked[0]
    assert made.extra["constraint"] == ""


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('{"sql": "SELECT 1"}', "SELECT 1"),
        ('{"sql": "```sql\\nSELECT 1\\n```"}', "SELECT 1"),
        ('{"sql": "NO ANSWER: no suppliers"}', "NO ANSWER: no suppliers"),
        ("SELECT 1", "SELECT 1"),
        ("[1]", "[1]"),
    ],
)
def test_the_query_is_taken_out_of_a_json_reply(stub: Callable[..., Stub], content: str, text: str) -> None:
    server = stub(content=content)
    made = ChatModel("openai:m", url=server.url, constraint="json").generate(PROMPT, 1, 8, CHAT)
    assert server.asked[0]["response_format"]["json_schema"]["schema"]["required"] == ["sql"]
    assert made.candidates[0].text == text


@pytest.mark.parametrize("constraint", ["gbnf", "vllm", "json"])
def test_a_server_that_refuses_it_is_told_with_the_setting(
    stub: Callable[..., Stub], constraint: str
) -> None:
    server = stub(status=400)
    with pytest.raises(ModelError, match=rf"answered 400 .*`model_constraint` = '{constraint}'.*empty the"):
        ChatModel("openai:m", url=server.url, constraint=constraint).generate(PROMPT, 1, 8, CHAT)


def test_a_provider_that_takes_none_is_told_at_once() -> None:
    with pytest.raises(ModelError, match="empty `model_constraint`"):
        open_model("anthropic:claude", Path(), constraint="gbnf")


def test_words_share_their_beginning() -> None:
    assert spelled(["IN", "INNER JOIN", "IS NULL"]) == '"I" ("N" ("NER JOIN")? | "S NULL")'
    assert spelled(["ab"], in_any_case=True) == "[aA] [bB]"


def test_a_name_leaves_the_tree_of_words_where_it_differs() -> None:
    assert name_but(["as"], lower=True, longest=9) == (
        '[a] ("" | [s] ([0-9_a-z] MORE-6) | [0-9_a-rt-z] MORE-7) | [b-z] MORE-8'
    )


def test_a_pattern_is_quoted_piece_by_piece() -> None:
    assert pattern(r"-[0-9]{1,15}(\.[0-9])?|x y") == '"-" [0-9]{1,15} ("." [0-9])? | "x y"'
