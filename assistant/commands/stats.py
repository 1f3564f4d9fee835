"""`quarry stats`: what people ask, how it is answered, and what they say about it."""

from dataclasses import asdict
from typing import Annotated

import typer

from assistant.commands.options import JsonOption, WorkspaceOption


def stats(
    days: Annotated[int, typer.Option(min=1, help="How many days back.")] = 30,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """The quality of the answers: outcomes, times, thumbs and corrections by type of query, what is missing.

    Thumbs are opinions and corrections are decisions; what is measured stands in `quarry eval runs`.
    """
    from assistant.render.stats import stats_lines
    from assistant.render.telling import tell
    from assistant.workspace import Workspace
    from feedback.clusters import by_words
    from feedback.stats import stats as read_stats
    from feedback.turns import now

    with Workspace.open(workspace) as opened:
        found = read_stats(opened.feedback.database, now().date(), days)
        missed = by_words(found.unanswered)
    if as_json:
        tell(asdict(found) | {"missed": [asdict(cluster) for cluster in missed]}, as_json)
    else:
        tell(stats_lines(found, missed), as_json)
