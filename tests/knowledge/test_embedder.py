"""The real embedder."""

import subprocess
import sys

import numpy as np
import pytest

from knowledge.embedder import MiniLM

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    embedder = MiniLM()
    embedder.warm()
    return embedder


def test_vectors_are_normalised_floats_one_a_text(minilm: MiniLM) -> None:
    vectors = minilm.embed(["revenue by month", "the weather"])
    assert vectors.shape == (2, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_same_meaning_is_nearer_than_the_same_words(minilm: MiniLM) -> None:
    question, same, other = minilm.embed(
        ["How much money did we make?", "total revenue", "How much coffee did we drink?"]
    )
    assert question @ same > 0.3
    assert same @ question > same @ other


def test_a_text_has_the_same_vector_alone_and_in_a_batch(minilm: MiniLM) -> None:
    alone = minilm.embed(["orders"])[0]
    batch = minilm.embed(["a much longer text about something else entirely, with many words", "orders"])[1]
    assert np.allclose(alone, batch, atol=1e-5)


def test_few_texts_and_many_texts_get_the_same_vectors(minilm: MiniLM) -> None:
    texts = ["revenue by month", "Zürich & Łódź: how many orders?", "word " * 400, "", "top 5"]
    many = minilm.embed(texts + ["more"] * 80)[: len(texts)]
    assert np.allclose(minilm.embed(texts), many, atol=1e-5)


def test_a_question_does_not_wait_for_the_heavy_library() -> None:
    code = (
        "import sys; from knowledge.embedder import MiniLM; "
        "MiniLM().embed(['a']); print('torch' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


def test_no_texts_give_no_vectors(minilm: MiniLM) -> None:
    assert minilm.embed([]).shape == (0, 384)
