"""An explanation as text, Markdown and JSON."""

import json

from graph.explain import Explanation, Origin, Sentence

MADE = Explanation(
    (Sentence("shows", "revenue *net*"), Sentence("further", "a condition", 1, "x `GLOB` 'a'")),
    (Origin("revenue", "SUM(orders.net_amount)", ("orders.net_amount",)),),
    3,
    1,
)


def test_text_has_a_line_each() -> None:
    assert MADE.text().splitlines() == [
        "Shows:   revenue *net*",
        "  Further: a condition: x `GLOB` 'a'",
        "",
        "revenue = SUM(orders.net_amount)",
    ]


def test_markdown_escapes_words_and_fences_sql() -> None:
    assert MADE.markdown().splitlines() == [
        r"- **Shows:** revenue \*net\*",
        "  - **Further:** a condition: `` x `GLOB` 'a' ``",
        "- **Columns:**",
        "  - `revenue = SUM(orders.net_amount)`",
    ]


def test_json_is_plain() -> None:
    said = json.loads(json.dumps(MADE.to_json()))
    assert said["sentences"][1] == {
        "name": "Further", "part": "further", "text": "a condition", "depth": 1, "sql": "x `GLOB` 'a'",
    }  # fmt: skip
    assert said["lineage"][0]["columns"] == ["orders.net_amount"]
