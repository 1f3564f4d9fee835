"""Every kind of message, as the app makes it: `python -m tools.slack_screens WORKSPACE`.

The pictures go to .build/screens; those that the README shows, to docs.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from assistant.answering import reply
from assistant.corrections import submit
from assistant.corrections.show import shown
from assistant.settings import load_settings
from assistant.slack.answer.message import message, trouble
from assistant.slack.correcting.form import form
from assistant.slack.correcting.hand_in import preview
from assistant.slack.home.view import Owned, home
from assistant.slack.reviewing.card import card
from assistant.workspace import Workspace
from feedback.people import Person
from feedback.stats import stats
from feedback.turns import now
from tools.block_kit import conversation, svg, window

ROOT = Path(__file__).resolve().parents[1]
BUILD, DOCS = ROOT / ".build" / "screens", ROOT / "docs"
SHOWN = {"answer": "slack-answer.svg", "review": "slack-review.svg", "clarify": "slack-clarify.svg"}
ADA, OLGA = Person("U1", "Ada"), Person("U2", "Olga")
RIGHT = (
    "SELECT ct.name AS country, COUNT(*) AS customers FROM customers cu JOIN countries ct ON "
    "ct.country_code = cu.country_code WHERE cu.deleted_at IS NULL GROUP BY ct.name ORDER BY customers DESC"
)


def screens(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """Name and body of each picture."""

    def ask(question: str, thread: str = "") -> Any:
        return reply(workspace, question, thread, explain=True, person=ADA)

    def said(question: str, thread: str = "") -> str:
        answer = ask(question, thread)
        return conversation(("Ada", f"@Quarry {question}"), ("Quarry", message(answer, job_id=1).blocks))

    yield "answer", said("What was our revenue by month this year?")
    yield "number", said("How many customers signed up last week?")
    yield "bars", said("Top 5 products by revenue in Germany last month")
    yield "clarify", said("who are our best customers?", "t1")
    yield "unanswered", said("what is the weather in Berlin?")
    yield "refused", said("delete all orders")
    yield "table", said("list all products with their prices")
    yield "check", said("which carriers were late most often in Q3?")
    yield "trouble", conversation(("Quarry", trouble("The database cannot be reached.", 3).blocks))
    wrong = ask("how many customers do we have by country")
    turn = workspace.feedback.turns.get(wrong.turn_id)
    assert turn is not None
    yield "form", window(form(turn, "{}", workspace.database.dialect))
    kept, examined = submit(
        workspace, wrong.turn_id, ADA, sql=RIGHT, comment="without deleted accounts", cause="filter"
    )
    yield "preview", conversation(("Quarry", preview(kept, examined, "Ada").blocks))
    yield "review", conversation(("Quarry", card(shown(workspace, kept.correction_id)).blocks))
    log = workspace.feedback
    owned = Owned(tuple(log.queue.page(0, 10)), log.queue.size(), stats(log.database, now().date()))
    examples = [example.question for example in workspace.examples[:5]]
    yield "home", window(home(examples, log.turns.recent(5), log.corrections.of_person("U1"), owned))
    log.reviews.reject(kept.correction_id, OLGA, "deleted accounts never count")
    yield "decided", conversation(("Quarry", card(shown(workspace, kept.correction_id)).blocks))


def main() -> None:
    folder = Path(sys.argv[1])
    BUILD.mkdir(parents=True, exist_ok=True)
    with Workspace(folder, load_settings(folder)) as workspace, sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 720, "height": 1400})
        for name, body in screens(workspace):
            tab.set_content(f'<body style="margin:0;width:680px">{body}</body>')
            height = int(
                tab.evaluate("Math.ceil(document.body.firstElementChild.getBoundingClientRect().height)")
            )
            tab.locator("body > div").screenshot(path=BUILD / f"{name}.png")
            (BUILD / f"{name}.svg").write_text(svg(body, height + 2), encoding="utf-8")
            if name in SHOWN:
                (DOCS / SHOWN[name]).write_text(svg(body, height + 2), encoding="utf-8")
        browser.close()


if __name__ == "__main__":
    main()
