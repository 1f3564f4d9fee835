"""What may have been wrong with an answer."""

CAUSES = {
    "table": "wrong table or column",
    "filter": "wrong or missing filter",
    "number": "wrong number",
    "time": "wrong time range",
    "chart": "wrong chart",
    "misunderstood": "did not understand the question",
    "other": "something else",
}
