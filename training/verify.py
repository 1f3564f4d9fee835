"""Does the quantised file in llama.cpp say what the network said that it was made from?"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from graph.models.base import Prompt
from graph.models.llama import LlamaModel
from training.network import Specialist
from training.rows import Rows, encode
from training.synthesis import Row
from training.tokenizer import end_of

PROMPTS = 50
LONGEST = 120


@dataclass(frozen=True)
class Agreement:
    """`same` of `prompts` greedy texts are equal; `tokens_equal` of them are cut into the same tokens.

    `reads` and `writes` are tokens a second of llama.cpp on this machine, with one thread.
    """

    prompts: int
    same: int
    tokens_equal: int
    reads: int = 0
    writes: int = 0

    def __str__(self) -> str:
        return (
            f"{self.same} of {self.prompts} greedy texts of the quantised file are those of the network, "
            f"{self.tokens_equal} of {self.prompts} prompts have the same tokens; it reads {self.reads:,} "
            f"and writes {self.writes:,} tokens a second with one thread"
        )


def agreement(specialist: Specialist, tokenizer: Tokenizer, file: Path, rows: Sequence[Row]) -> Agreement:
    """Ask both the same prompts, one after the other."""
    asked = [row.prompt for row in rows[:PROMPTS]]
    model = LlamaModel(file, context=specialist.config.max_position_embeddings, threads=1)
    try:
        same = tokens = read = wrote = 0
        seconds = [0.0, 0.0]
        for text in asked:
            prompt = Prompt("", text)
            tokens += model._tokens(prompt) == tokenizer.encode(text).ids
            made = model.generate(prompt, 1, LONGEST)
            (said,) = made.candidates
            read, wrote = read + made.prompt_tokens - made.cached_tokens, wrote + said.tokens
            seconds = [seconds[0] + made.read_seconds, seconds[1] + made.write_seconds]
            same += said.text == written(specialist, tokenizer, text)
    finally:
        model.close()
    speeds = [round(count / max(time, 1e-9)) for count, time in zip((read, wrote), seconds, strict=True)]
    return Agreement(len(asked), same, tokens, *speeds)


@torch.no_grad()
def written(specialist: Specialist, tokenizer: Tokenizer, prompt: str) -> str:
    """What the network writes greedily after a prompt."""
    device, end, said = specialist.device, end_of(tokenizer), list[int]()
    asked = encode(tokenizer, prompt, "", specialist.config.max_position_embeddings)
    if asked is None:
        return ""
    rows = Rows.of([asked._replace(ids=asked.ids[:-1])]).to(str(device))
    shown, state = specialist.embedded(rows.batch([0], end)), None
    while len(said) < LONGEST:
        out = specialist.network(inputs_embeds=shown, past_key_values=state, use_cache=True)
        state, token = out.past_key_values, int(out.logits[0, -1].argmax())
        if token == end:
            break
        said.append(token)
        shown = specialist.network.model.embed_tokens(torch.tensor([[token]], device=device))
    return str(tokenizer.decode(said, skip_special_tokens=False)).strip()
