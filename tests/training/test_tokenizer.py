"""The tokenizer: pieces of the schema are whole, and nothing is lost."""

from pathlib import Path

from tokenizers import Tokenizer

from graph.specialist import ASK, END, SLOTS, WRITE
from training.material import Material
from training.rows import encode
from training.synthesis import Row
from training.tokenizer import CONTROL, load_tokenizer, schema_tokens, tokens_of


def text_of(tokenizer: Tokenizer, ids: list[int]) -> str:
    return str(tokenizer.decode(ids, skip_special_tokens=False))


def test_prompts_and_queries_come_back_as_they_were(tokenizer: Tokenizer, rows: list[Row]) -> None:
    for row in rows[:600]:
        for text in (row.prompt, row.target):
            assert text_of(tokenizer, tokenizer.encode(text).ids) == text


def test_any_text_comes_back_as_it_was(tokenizer: Tokenizer) -> None:
    for text in ("Zoë's crème brûlée ☕ 42%", "two  spaces", "a\tb\nc", "日本", "<v9> <vv1>"):
        assert text_of(tokenizer, tokenizer.encode(text).ids) == text


def test_each_piece_of_the_schema_is_one_token(tokenizer: Tokenizer, material: Material) -> None:
    pieces = [*CONTROL, *SLOTS, *schema_tokens(material.catalogue)]
    assert len(pieces) > 300
    for piece in pieces:
        assert tokenizer.encode(piece).tokens == [piece]


def test_a_query_has_few_tokens_for_its_letters(tokenizer: Tokenizer, rows: list[Row]) -> None:
    letters = sum(len(row.target) for row in rows[:500])
    assert sum(len(tokenizer.encode(row.target).ids) for row in rows[:500]) < letters / 6


def test_tokens_stand_in_the_order_of_their_ids(tokenizer: Tokenizer) -> None:
    assert [tokenizer.token_to_id(t) for t in tokens_of(tokenizer)] == list(range(tokenizer.get_vocab_size()))


def test_a_saved_tokenizer_is_the_same(tokenizer: Tokenizer, tmp_path: Path) -> None:
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    assert load_tokenizer(tmp_path / "tokenizer.json").to_str() == tokenizer.to_str()


def test_encoding_ends_with_the_end_and_knows_the_prompt(tokenizer: Tokenizer) -> None:
    made = encode(tokenizer, f"{ASK}how many orders{WRITE}", "SELECT COUNT(*) FROM orders o", 512)
    assert made is not None
    ids, prompt, _ = made
    assert text_of(tokenizer, ids[:prompt]) == f"{ASK}how many orders{WRITE}"
    assert text_of(tokenizer, ids[prompt:]) == f"SELECT COUNT(*) FROM orders o{END}"


def test_a_row_longer_than_the_context_is_refused(tokenizer: Tokenizer) -> None:
    whole = encode(tokenizer, "how many orders", "SELECT COUNT(*)", 512)
    assert whole is not None
    length = len(whole[0])
    assert encode(tokenizer, "how many orders", "SELECT COUNT(*)", length) == whole
    assert encode(tokenizer, "how many orders", "SELECT COUNT(*)", length - 1) is None
