"""The small Llama-shaped decoder, token embeddings that start from what MiniLM has read, and its senses."""

from dataclasses import dataclass
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import LlamaConfig, LlamaForCausalLM

from knowledge.weights import weights_folder
from training.rows import Batch
from training.senses import Senses
from training.tokenizer import end_of, tokens_of


@dataclass(frozen=True)
class Shape:
    """Width, depth and context of the decoder; heads are 64 wide."""

    width: int = 256
    layers: int = 6
    inner: int = 704
    context: int = 512


def shape_of(network: LlamaForCausalLM) -> Shape:
    """The shape that a network was made in."""
    config = network.config
    return Shape(
        config.hidden_size, config.num_hidden_layers, config.intermediate_size, config.max_position_embeddings
    )


def make_network(tokenizer: Tokenizer, shape: Shape, seed: int) -> LlamaForCausalLM:
    """A fresh network with tied embeddings; the same for the same seed."""
    torch.manual_seed(seed)
    end = end_of(tokenizer)
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=shape.width,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.width // 64,
        num_key_value_heads=shape.width // 64,
        max_position_embeddings=shape.context,
        tie_word_embeddings=True,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
    )
    return LlamaForCausalLM(config)


class Specialist(torch.nn.Module):
    """A decoder, and what it is given of a question's words besides; a file of old has no senses."""

    def __init__(self, network: LlamaForCausalLM, senses: Senses | None) -> None:
        super().__init__()
        self.network = network
        self.senses = senses

    @classmethod
    def fresh(cls, tokenizer: Tokenizer, shape: Shape, seed: int) -> "Specialist":
        """With random weights, the same for the same seed."""
        network = make_network(tokenizer, shape, seed)
        return cls(network, Senses(shape.width))

    @property
    def config(self) -> LlamaConfig:
        return self.network.config

    @property
    def device(self) -> torch.device:
        return self.network.device

    def embedded(self, batch: Batch) -> torch.Tensor:
        """(rows, longest, width)."""
        made: torch.Tensor = self.network.model.embed_tokens(batch.ids)
        return made if self.senses is None else made + self.senses(batch.texts)

    def hidden(self, batch: Batch) -> torch.Tensor:
        """(rows, longest, width): the decoder's last states."""
        found: Any = self.network.model(inputs_embeds=self.embedded(batch), use_cache=False)
        states: torch.Tensor = found.last_hidden_state
        return states

    @property
    def lm_head(self) -> torch.nn.Module:
        head: torch.nn.Module = self.network.lm_head
        return head


def start_from_minilm(network: LlamaForCausalLM, tokenizer: Tokenizer, spoken: dict[str, str]) -> None:
    """Set each token's embedding to MiniLM's own for its text, reduced to the network's width by PCA.

    `spoken` gives the plain words of tokens that are no English ('o.ordered_at' -> 'orders ordered at').
    """
    weights = load_file(weights_folder() / "model.safetensors")
    table = weights["embeddings.word_embeddings.weight"].float()
    pieces = Tokenizer.from_file(str(weights_folder() / "tokenizer.json"))
    pieces.no_padding()
    pieces.no_truncation()
    rows = []
    for number, token in enumerate(tokens_of(tokenizer)):
        text = spoken.get(token) or tokenizer.decode([number], skip_special_tokens=False)
        ids = pieces.encode(text, add_special_tokens=False).ids
        rows.append(table[ids].mean(0) if ids else torch.zeros(table.shape[1]))
    matrix = torch.stack(rows)
    matrix = matrix - matrix.mean(0)
    width = network.config.hidden_size
    _, _, directions = torch.pca_lowrank(matrix, q=width)
    reduced = matrix @ directions
    reduced = reduced / reduced.std() * 0.02
    with torch.no_grad():
        embedding = network.model.embed_tokens.weight
        empty = reduced.norm(dim=1) < 1e-6
        reduced[empty] = torch.randn(int(empty.sum()), width) * 0.02
        embedding.copy_(reduced)
