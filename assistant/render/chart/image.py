"""A chart as a PNG file."""

from collections.abc import Sequence
from pathlib import Path

from assistant.render.chart.choosing import choose
from assistant.render.chart.drawing import spec
from assistant.render.columns import columns
from graph.explain.headings import Heading
from knowledge.errors import QuarryError
from knowledge.result import Result


class ChartError(QuarryError):
    """The chart that was asked for cannot be drawn."""


def png(
    result: Result, title: str = "", headings: Sequence[Heading] = (), *, dark: bool = False
) -> bytes | None:
    """The chart that suits the result; None where none does."""
    shown = columns(result, headings)
    chart = choose(result, shown)
    if chart is None:
        return None
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(spec(result, chart, shown, title, dark=dark), scale=2))


def write_png(
    result: Result, path: Path, title: str = "", headings: Sequence[Heading] = (), *, dark: bool = False
) -> None:
    """Draw the chart that suits the result. Raises ChartError."""
    image = png(result, title, headings, dark=dark)
    if image is None:
        raise ChartError(
            f"No chart suits this answer, so {path} was not written; ask for a number by time or by name."
        )
    try:
        path.write_bytes(image)
    except OSError as error:
        raise ChartError(
            f"The chart could not be written to {path} ({error.strerror}); name another file."
        ) from None
