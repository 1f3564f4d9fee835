"""`quarry eval`: how good are the answers? One file a command."""

from assistant.commands.command import Command, Group
from assistant.commands.eval.compare import compare
from assistant.commands.eval.export import export
from assistant.commands.eval.lint import lint
from assistant.commands.eval.run import run
from assistant.commands.eval.runs import runs
from assistant.commands.eval.show import show
from assistant.commands.eval.variants import variants

EVAL = Group(
    "eval",
    "Ask suites of questions whose answers are known, by execution, and compare models.",
    "Example: quarry eval run dev -w demo --html report.html && quarry eval show -w demo --show",
    (
        Command("run", run, "Example: quarry eval run dev 'more*' -w demo --setup full --setup single-shot"),
        Command("runs", runs, "Example: quarry eval runs -w demo"),
        Command("show", show, "Example: quarry eval show -w demo --by category --by complexity --show"),
        Command("compare", compare, "Example: quarry eval compare 3f9a 81c2 -w demo --html compared.html"),
        Command("export", export, "Example: quarry eval export 3f9a -w demo --out run.csv"),
        Command("lint", lint, "Example: quarry eval lint dev -w demo"),
        Command("variants", variants, "Example: quarry eval variants -w demo --count 2"),
    ),
)
