"""Slack's blocks as a picture, near enough to judge a message by: XHTML in an SVG that any browser shows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

Block = Mapping[str, Any]
WIDTH = 680


def conversation(*messages: tuple[str, Sequence[Block] | str]) -> str:
    """Who said what, in XHTML."""
    return _render(messages=messages)


def window(view: Block) -> str:
    """A modal, or App Home, in XHTML."""
    return _render(view=view)


def svg(body: str, height: int) -> str:
    """`height` is what the body takes in a browser, in pixels."""
    size = f'width="{WIDTH}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}><foreignObject {size}>{body}</foreignObject></svg>\n'
    )


def _render(**given: Any) -> str:
    source = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(source).render(chart=_chart, **given)


def _chart(block: Block) -> Markup:
    import vl_convert

    chart = block["chart"]
    rows = [{"x": p["label"], "y": p["value"], "of": s["name"]} for s in chart["series"] for p in s["data"]]
    x = {"field": "x", "type": "ordinal", "sort": chart["axis_config"]["categories"], "title": None}
    color = {"field": "of", "type": "nominal", "title": None, "legend": {"orient": "bottom"}}
    spec = {
        "title": {"text": block["title"], "anchor": "start"},
        "width": 540,
        "height": 180,
        "data": {"values": rows},
        "mark": {"type": chart["type"], "point": chart["type"] == "line"},
        "encoding": {
            "x": x | {"axis": {"labelAngle": -30}},
            "y": {"field": "y", "type": "quantitative", "title": None},
            **({"color": color} if len(chart["series"]) > 1 else {}),
        },
    }
    return Markup(vl_convert.vegalite_to_svg(spec))
