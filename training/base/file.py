"""The base as one file, and a specialist's first network made from it and a schema's pieces."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer

from knowledge.errors import TrainingError
from training.base.network import Base, named
from training.network import Shape, Specialist, make_network, shape_of
from training.pieces import Piece
from training.tokenizer import with_pieces

FORMAT = "quarry base 2"
SHIPPED = Path(__file__).parent / "merlin.safetensors"


def save_base(base: Base, tokenizer: Tokenizer, path: Path, facts: dict[str, str]) -> None:
    """Half-precision weights, with the tokenizer, the shape and `facts` in the file's metadata."""
    state = {name: tensor.detach().half().cpu().contiguous() for name, tensor in base.state_dict().items()}
    state.pop("network.lm_head.weight")  # the embeddings, tied
    shape = json.dumps(asdict(shape_of(base.network)))
    told = {"format": FORMAT, "tokenizer": tokenizer.to_str(), "shape": shape, **facts}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(state, path, metadata=told)
    path.chmod(0o644)  # safetensors lets nobody else read it


def load_base(path: Path) -> tuple[Base, Tokenizer, dict[str, str]]:
    """The base, its tokenizer and what is told of it. Raises TrainingError where the file is none."""
    try:
        with safe_open(path, framework="pt") as file:
            told = file.metadata() or {}
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise TrainingError(
            f"{path.name} cannot be read as a base model; name a file that `python -m training.base` wrote."
        ) from error
    if told.get("format") != FORMAT:
        raise TrainingError(
            f"{path.name} is no base of Quarry's; name a file that `python -m training.base` wrote."
        )
    tokenizer = Tokenizer.from_str(told.pop("tokenizer"))
    base = Base(make_network(tokenizer, Shape(**json.loads(told["shape"])), seed=0))
    base.load_state_dict(state, strict=False)
    base.network.tie_weights()
    return base.eval(), tokenizer, told


@torch.no_grad()
def specialist_of(base: Base, tokenizer: Tokenizer, pieces: Sequence[Piece]) -> tuple[Specialist, Tokenizer]:
    """A specialist whose vocabulary holds a schema's pieces, with the embeddings that the base gives them."""
    shared = set(tokenizer.get_vocab())
    new = [piece for piece in pieces if piece.text not in shared]
    wider = with_pieces(tokenizer, [piece.text for piece in new])
    made = Specialist.fresh(wider, shape_of(base.network), seed=0)
    network, senses = made.network, made.senses
    assert senses is not None
    senses.load_state_dict(base.senses.state_dict())
    state = {
        k: v for k, v in base.network.state_dict().items() if "embed_tokens" not in k and "lm_head" not in k
    }
    network.load_state_dict(state, strict=False)
    network.model.embed_tokens.weight.copy_(base.table(named(new, tokenizer)))
    network.tie_weights()
    return made, wider
