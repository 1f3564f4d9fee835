"""`quarry chat`: one thread of questions in the terminal."""

import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.options import WorkspaceOption
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.answering import Reply
    from assistant.workspace import Workspace

HELP = """\
Ask in plain words. A follow-up changes the answer before: only in germany, by month, and last year?, top 5.
  :sql              show or hide the SQL
  :explain          what the last answer rests on: sources, filters, rules, columns
  :chart FILE.png   draw the last answer's chart
  :help             this help
  :quit             leave (Ctrl-D does too); Ctrl-C stops the answer that is being made"""


@dataclass
class Chat:
    """What a conversation keeps between its lines."""

    workspace: "Workspace"
    console: "Console"
    thread: str
    sql: bool = True
    choices: tuple[str, ...] = ()
    last: "Reply | None" = field(default=None)

    def line(self, text: str) -> bool:
        """Take one line; False ends the conversation."""
        word, _, rest = text.partition(" ")
        match word:
            case "":
                pass
            case ":quit" | ":q" | ":exit":
                return False
            case ":help" | ":h":
                print(HELP)
            case ":sql":
                self.sql = not self.sql
                print(f"The SQL is {'shown' if self.sql else 'hidden'} from now on.")
            case ":explain":
                self._explain()
            case ":chart":
                self._chart(rest.strip())
            case _ if word.startswith(":"):
                print(f"There is no command {word}; :help lists them.")
            case _:
                self._question(self._chosen(text))
        return True

    def _chosen(self, text: str) -> str:
        """The number of a choice stands for its words."""
        place = int(text) if text.isdecimal() and len(text) < 3 else 0
        return self.choices[place - 1] if 1 <= place <= len(self.choices) else text

    def _question(self, question: str) -> None:
        from assistant.answering import reply
        from assistant.render.terminal import show
        from graph.outcome import Clarify

        try:
            self.last = reply(self.workspace, question, self.thread)
        except KeyboardInterrupt:
            print("\nStopped this answer; ask another question, or :quit.")
            return
        self.choices = self.last.outcome.choices if isinstance(self.last.outcome, Clarify) else ()
        show(self.console, self.last, sql=self.sql)

    def _explain(self) -> None:
        from assistant.render.explained import explained
        from graph.outcome import Answered

        if self.last is None or not isinstance(self.last.outcome, Answered):
            print("There is no answer to explain yet; ask a question first.")
            return
        self.console.print(explained(self.workspace.live.workspace.explain(self.last.outcome)))

    def _chart(self, name: str) -> None:
        from graph.outcome import Answered

        if not name.endswith(".png") or self.last is None or not isinstance(self.last.outcome, Answered):
            print("Name a file after an answer, as in :chart revenue.png")
            return
        from assistant.render.chart import write_png

        write_png(self.last.outcome.result, Path(name), self.last.question, self.last.headings)
        print(f"Wrote {name}.")


def chat(
    thread: Annotated[
        str, typer.Option(help="Go on with the conversation of this name; else a new one begins.")
    ] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Ask question after question in one thread; a follow-up such as 'by month' changes the one before."""
    from rich.console import Console

    from assistant.workspace import Workspace

    with Workspace.open(workspace) as opened:
        _ = opened.agent  # so that what is missing is told before the first question
        for told in filter(None, (opened.left_out(), opened.drift())):
            print(told, file=sys.stderr)
        here = Chat(opened, Console(), thread or uuid.uuid4().hex[:8])
        if sys.stdin.isatty():
            _ready_line_editing()
            print(f"Thread {here.thread}. Ask a question; :help tells more, Ctrl-D ends.")
        while _next(here):
            pass


def _next(here: Chat) -> bool:
    """Read a line and take it; False at the end."""
    try:
        text = input("\n? " if sys.stdin.isatty() else "")
    except EOFError:
        print()
        return False
    except KeyboardInterrupt:
        print("\nCtrl-D or :quit ends the chat.")
        return True
    try:
        return here.line(text.strip())
    except QuarryError as error:
        print(error, file=sys.stderr)
        return True


def _ready_line_editing() -> None:
    """Arrow keys and history for input(), where Python has them."""
    try:
        import readline
    except ImportError:
        return
    readline.parse_and_bind("set enable-bracketed-paste on")
