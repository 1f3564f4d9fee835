"""What `quarry ask` opens, one part after another: `python -m tests.bench.opening FOLDER QUESTION BEGUN`.

BEGUN is the time at which the process was started. It prints one JSON object, the seconds of each part.
"""

import io
import json
import sys
import time
from pathlib import Path

from knowledge.errors import QuarryError


def main() -> None:
    seconds = {"interpreter": time.time() - float(sys.argv[3])}
    begun = time.perf_counter()

    def done(part: str) -> None:
        nonlocal begun
        now = time.perf_counter()
        seconds[part] = now - begun
        begun = now

    import assistant.cli  # noqa: F401
    from assistant.workspace import Workspace

    done("command line and settings, imports")
    workspace = Workspace.open(Path(sys.argv[1]))
    _ = workspace.database, workspace.schema
    done("database and its schema")
    _ = workspace.glossary, workspace.rules, workspace.cards, workspace.linker
    done("knowledge and values")
    workspace.embedder.embed(["ready"])
    done("embedder")
    _ = workspace.index
    done("index")
    _ = workspace.model
    done("model")
    _ = workspace.agent, workspace.feedback
    done("agent and log of turns")
    from rich.console import Console

    from assistant.answering import reply
    from assistant.render.terminal import show

    show(Console(file=io.StringIO()), reply(workspace, sys.argv[2]))
    done("first answer, shown")
    workspace.close()
    done("closing")
    print(json.dumps(seconds))


if __name__ == "__main__":
    try:
        main()
    except QuarryError as error:
        sys.exit(str(error))
