"""Show SQL, Explain and CSV: for whoever clicks, checked again."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answering import Reply, again
from assistant.render.columns import columns
from assistant.render.sql import readable
from assistant.render.table_file import write_rows
from assistant.slack.asking.work import reach_of
from assistant.slack.blocks import Block, code, context, modal, said
from assistant.slack.calls import patient
from assistant.slack.posting import open_window, whisper
from assistant.slack.text import escape
from feedback.turns import LoggedTurn
from graph.outcome import Answered
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.slack.desk import Desk


async def show_sql(desk: "Desk", body: dict[str, Any]) -> None:
    """In a window of its own, so that no SQL stands in the channel."""
    turn = await allowed(desk, body, "show_sql")
    if turn is not None:
        sql = readable(turn.sql, desk.workspace.database.dialect)
        await open_window(desk, body, modal("SQL", _in_parts(sql)))


async def explain(desk: "Desk", body: dict[str, Any]) -> None:
    """What the answer rests on, in words."""
    window = await open_window(desk, body, modal("What it rests on", [said("...")]))
    if not window:
        return
    answer = await _again(desk, body, "explain")
    if answer is None or answer.explanation is None:
        blocks = [said("This cannot be explained any more.")]
    else:
        blocks = _in_parts(answer.explanation.text())
    await patient(desk.client.views_update, view_id=window, view=modal("What it rests on", blocks))


async def csv(desk: "Desk", body: dict[str, Any]) -> None:
    """All rows that were fetched, as a file in the thread."""
    answer = await _again(desk, body, "csv")
    if answer is None or not isinstance(answer.outcome, Answered):
        return
    result = answer.outcome.result
    names = [column.heading for column in columns(result, answer.headings)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.csv"
        await desk.aside(write_rows, path, [dict(zip(names, row, strict=True)) for row in result.rows])
        await desk.client.files_upload_v2(
            channel=body["channel"]["id"],
            thread_ts=body["message"].get("thread_ts") or body["message"]["ts"],
            content=path.read_bytes(),
            filename=f"answer-{answer.turn_id}.csv",
            title="All rows" if not result.truncated else f"The first {len(result.rows):,} rows",
        )


async def allowed(desk: "Desk", body: dict[str, Any], deed: str) -> LoggedTurn | None:
    """The turn of a button, where who clicks may see it; they are told where not."""
    user, channel = body["user"]["id"], body["channel"]["id"]
    turn = await desk.aside(desk.log.turns.get, int(str(body["actions"][0]["value"]).rpartition(":")[2]))
    if turn is None:
        await whisper(desk, channel, user, "This answer is no longer in the log; ask again.")
        return None
    why = await desk.access.refusal(user, channel)
    if not why:
        place = await reach_of(desk, turn.sql, channel, user)
        why = place.why if place.where == "nowhere" else ""
    person = await desk.person(user)
    detail = f"refused: {why}" if why else ""
    await desk.aside(desk.log.audit.note, person, channel, deed, turn_id=turn.turn_id, detail=detail)
    if why:
        await whisper(desk, channel, user, escape(why), body["message"].get("thread_ts", ""))
        return None
    return turn


async def _again(desk: "Desk", body: dict[str, Any], deed: str) -> Reply | None:
    turn = await allowed(desk, body, deed)
    if turn is None:
        return None
    try:
        return await desk.aside(again, desk.workspace, turn, explain=True)
    except QuarryError as error:
        await whisper(desk, body["channel"]["id"], body["user"]["id"], escape(str(error)))
        return None


def _in_parts(text: str, most: int = 2900) -> list[Block]:
    """Whole lines, in as many blocks as are needed."""
    parts, left = [""], text.splitlines() or [""]
    for line in left:
        for piece in [line[n : n + most] for n in range(0, max(1, len(line)), most)]:
            if len(parts[-1]) + len(piece) + 1 > most:
                parts.append("")
            parts[-1] += f"{piece}\n"
    return [code(part.rstrip("\n")) for part in parts[:20]] + (
        [context("What follows is left out.")] if len(parts) > 20 else []
    )
