"""A trained specialist's network and tokenizer out of its GGUF file, to train on from there."""

from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM

from graph.senses import Senses as PlainSenses
from knowledge.errors import TrainingError
from training.export import LAYER, unpermuted
from training.network import Specialist
from training.senses import Senses
from training.tokenizer import CONTROL


def from_gguf(path: Path) -> tuple[Specialist, Tokenizer]:
    """Weights as they were quantised, the vocabulary as it is. Raises TrainingError for any other file."""
    try:
        reader = gguf.GGUFReader(str(path))
    except (OSError, ValueError, IndexError) as error:
        raise TrainingError(
            f"{path.name} is no GGUF file that can be read; name a trained specialist."
        ) from error
    if _field(reader, "quarry.format") != "specialist":
        raise TrainingError(f"{path.name} is no specialist of Quarry's; train a new one without --update.")
    tokenizer = _tokenizer(reader)
    network = LlamaForCausalLM(_config(reader, tokenizer))
    heads = network.config.num_attention_heads
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    state: dict[str, torch.Tensor] = {}
    for name in network.state_dict():
        if name == "lm_head.weight":
            continue
        found = tensors[_tensor_name(name)]
        data = gguf.quants.dequantize(found.data, found.tensor_type).reshape(
            [int(n) for n in found.shape[::-1]]
        )
        if ".q_proj." in name or ".k_proj." in name:
            data = unpermuted(data, heads)
        state[name] = torch.from_numpy(np.array(data, dtype=np.float32))
    network.load_state_dict(state, strict=False)
    network.tie_weights()
    told = _field(reader, "quarry.senses")
    return Specialist(network, Senses.of(PlainSenses.read(told)) if told else None), tokenizer


def facts(path: Path) -> dict[str, str]:
    """What a specialist's file tells of its origin, as `export` was given it."""
    reader = gguf.GGUFReader(str(path))
    names = [name for name in reader.fields if name.startswith("quarry.") and name != "quarry.senses"]
    return {name.removeprefix("quarry."): str(_field(reader, name)) for name in names}


def _field(reader: gguf.GGUFReader, name: str) -> Any:
    field = reader.fields.get(name)
    return field.contents() if field is not None else None


def _config(reader: gguf.GGUFReader, tokenizer: Tokenizer) -> LlamaConfig:
    end = int(_field(reader, "tokenizer.ggml.eos_token_id"))
    return LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=_field(reader, "llama.embedding_length"),
        intermediate_size=_field(reader, "llama.feed_forward_length"),
        num_hidden_layers=_field(reader, "llama.block_count"),
        num_attention_heads=_field(reader, "llama.attention.head_count"),
        num_key_value_heads=_field(reader, "llama.attention.head_count_kv"),
        max_position_embeddings=_field(reader, "llama.context_length"),
        rms_norm_eps=_field(reader, "llama.attention.layer_norm_rms_epsilon"),
        tie_word_embeddings=True,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
    )


def _tokenizer(reader: gguf.GGUFReader) -> Tokenizer:
    tokens = _field(reader, "tokenizer.ggml.tokens")
    kinds = _field(reader, "tokenizer.ggml.token_type")
    merges = [tuple(merge.split(" ", 1)) for merge in _field(reader, "tokenizer.ggml.merges")]
    normal = [kind == gguf.TokenType.NORMAL for kind in kinds]
    size = len(normal) - normal[::-1].index(True)  # pieces that are learnt too, such as a comma, stand below
    learnt = {token: number for number, token in enumerate(tokens[:size])}
    tokenizer = Tokenizer(models.BPE(vocab=learnt, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    for token, is_learnt in zip(tokens, normal, strict=True):
        if is_learnt:
            continue
        added = AddedToken(token, normalized=False, special=token in CONTROL)
        (tokenizer.add_special_tokens if token in CONTROL else tokenizer.add_tokens)([added])
    if [tokenizer.id_to_token(n) for n in range(len(tokens))] != list(tokens):
        raise TrainingError(
            "The file's vocabulary is in an order that cannot be trained on; train a new specialist."
        )
    return tokenizer


def _tensor_name(name: str) -> str:
    outer = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}
    if name in outer:
        return outer[name]
    _, _, layer, *rest = name.split(".")
    return f"blk.{layer}.{LAYER['.'.join(rest[:-1])]}.weight"
