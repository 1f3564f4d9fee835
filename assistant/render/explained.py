"""An explanation in the terminal."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from graph.explain import Explanation, Sentence

_STEP = 2


def explained(explanation: Explanation) -> RenderableType:
    """Its sentences under their names, then a line for each column of the answer."""
    parts: list[RenderableType] = [_sentences(explanation.sentences)]
    if explanation.lineage:
        columns = Table.grid(padding=(0, 1, 0, 0))
        columns.add_column(no_wrap=True, max_width=40, overflow="ellipsis")
        columns.add_column()
        columns.add_column(overflow="fold")
        for origin in explanation.lineage:
            through = f" {'via' if origin.plain else 'of'} {', '.join(origin.via)}" if origin.via else ""
            sign = "←" if origin.plain else "="
            columns.add_row(
                Text(origin.heading), Text(sign, "dim"), Text.assemble(origin.sql, (through, "dim"))
            )
        parts += [Text(), columns]
    return Padding(Group(*parts), (0, 0, 1, 2))


def _sentences(sentences: tuple[Sentence, ...]) -> Table:
    """The name stands once for sentences that follow each other under it."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    before = ("", 0)
    for sentence in sentences:
        name = "" if (sentence.name, sentence.depth) == before else sentence.name
        before = (sentence.name, sentence.depth)
        text = Text(sentence.text + (": " if sentence.text and sentence.sql else ""))
        text.append(sentence.sql, style="cyan")
        lead = " " * _STEP * sentence.depth
        table.add_row(lead + name, Padding(text, (0, 0, 0, _STEP * sentence.depth)))
    return table
