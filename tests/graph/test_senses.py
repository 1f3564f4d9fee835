"""Which words MiniLM is shown of a prompt, which token is of which, and how the senses are kept in a file."""

import numpy as np
import pytest

from graph import senses
from graph.senses import LAYERS, MOST_WORDS, WIDTH, Senses, word_at, words

PROMPT = "<|ask|>revenue in <v1> <d1>, é?|<v1>co.name<|sql|>"


def test_the_words_of_a_question_end_where_its_links_begin() -> None:
    said = [word.said for word in words(PROMPT)]
    assert said == ["revenue", "in", "name", "year", ",", "é", "?"]
    assert [PROMPT[word.start : word.end] for word in words(PROMPT)][2:4] == ["<v1>", "<d1>"]
    assert words("You write SQL for SQLite.") == []
    assert len(words(f"<|ask|>{'so ' * 500}<|sql|>")) == MOST_WORDS


def test_what_was_wrong_with_a_statement_has_no_senses() -> None:
    again = "<|ask|>count orders<|wrong|>SELECT COUNT(*) FROM order|names<|sql|>"
    assert [word.said for word in words(again)] == ["count", "orders", "<"]


def test_a_token_is_of_the_word_that_its_end_is_in() -> None:
    found = words("<|ask|>net revenue?<|sql|>")
    ends = [7, 10, 14, 18, 19, 26]  # <|ask|>, net, ' rev', 'enue', '?', <|sql|>
    assert word_at(found, ends) == [-1, 0, 1, 1, 2, -1]
    assert found[-1].said == "<"
    assert word_at([], ends) == [-1] * 6


def test_the_blank_before_a_word_is_of_none() -> None:
    assert word_at(words("<|ask|>net  revenue"), [10, 11, 12]) == [0, -1, -1]


def test_what_is_written_into_a_file_is_read_back() -> None:
    made = Senses(np.full(LAYERS, 1 / LAYERS, np.float32), np.ones((64, WIDTH), np.float32) * 0.25)
    again = Senses.read(made.written)
    assert np.allclose(again.layers, made.layers)
    assert np.array_equal(again.projection, made.projection)


@pytest.mark.parametrize("text", ["rubbish", "0.1,0.2 %%%", "0.5,0.5 AAAA"])
def test_another_text_is_no_senses(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- numpy's, base64's and float's sentences differ
        Senses.read(text)


@pytest.mark.real
def test_the_same_word_differs_by_its_place_and_a_mark_has_no_sense() -> None:
    layers = np.full(LAYERS, 1 / LAYERS, np.float32)
    read = Senses(layers, np.eye(64, WIDTH, dtype=np.float32))
    first = read.of("<|ask|>order date<|sql|>", [7, 12, 17, 24])
    other = read.of("<|ask|>order coffee<|sql|>", [7, 12, 19, 26])
    assert first.shape == (4, 64)
    assert not first[[0, 3]].any()
    assert first[1].any()
    assert not np.allclose(first[1], other[1], atol=1e-2)
    assert senses.Senses(layers, read.projection).of("no prompt", [2, 9]).shape == (2, 64)
