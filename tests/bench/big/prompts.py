"""The prompts that a chat model gets for the bench's questions on the demo workspace."""

from collections.abc import Sequence
from pathlib import Path

from assistant.workspace import Workspace
from graph.context import Context
from graph.models.base import Model, Prompt
from graph.prompts import chat_prompt
from tests.bench.places import questions


def prompts(folder: Path, model: Model) -> list[Prompt]:
    with Workspace.open(folder) as workspace:
        context = Context(
            database=workspace.database,
            schema=workspace.schema,
            model=model,
            retriever=workspace.retriever,
            clock=workspace.clock,
            rules=workspace.rules,
            cards=workspace.cards,
        )
        return [chat_prompt(context, workspace.retriever.retrieve(question)) for question in questions()]


def wordpieces(texts: Sequence[str]) -> list[int]:
    """How many tokens MiniLM's vocabulary, which has read English, makes of each."""
    from tokenizers import Tokenizer

    from knowledge.weights import weights_folder

    tokenizer = Tokenizer.from_file(str(weights_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return [len(tokenizer.encode(text, add_special_tokens=False).ids) for text in texts]
