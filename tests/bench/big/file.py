"""The GGUF file: architecture and shapes of Qwen2.5-1.5B, block types of Q4_K_M."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind

from tests.bench.big.blocks import q4_k, q6_k
from tests.bench.big.tokenizer import Vocabulary

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


@dataclass(frozen=True)
class Shape:
    layers: int = 28
    width: int = 1536
    inner: int = 8960
    heads: int = 12
    key_heads: int = 2
    vocabulary: int = 151_936
    context: int = 32_768

    @property
    def key_width(self) -> int:
        return self.width // self.heads * self.key_heads

    def is_finer(self, layer: int) -> bool:
        """Whether this layer's attn_v and ffn_down have 6 bits, as Q4_K_M gives to half of the layers."""
        eighth = self.layers // 8
        return layer < eighth or layer >= 7 * self.layers // 8 or (layer - eighth) % 3 == 2


@dataclass(frozen=True)
class Tensor:
    name: str
    kind: Kind
    rows: int
    width: int


def write(path: Path, vocabulary: Vocabulary, shape: Shape = Shape(), seed: int = 0) -> Path:
    """Write the file, all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    writer = gguf.GGUFWriter(unfinished, "qwen2")
    _describe(writer, shape)
    _add_vocabulary(writer, vocabulary, shape.vocabulary)
    tensors = tuple(_tensors(shape))
    for tensor in tensors:
        _announce(writer, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    random = np.random.default_rng(seed)
    for tensor in tensors:
        writer.write_tensor_data(_weights(random, tensor))
    writer.close()
    os.replace(unfinished, path)
    return path


def _describe(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name("random weights in the shape of Qwen2.5-1.5B")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_K_M)
    writer.add_block_count(shape.layers)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_heads)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_layer_norm_rms_eps(1e-6)


def _add_vocabulary(writer: gguf.GGUFWriter, vocabulary: Vocabulary, size: int) -> None:
    """The learned tokens, those of the chat template, and unused ones up to the full size."""
    learned = len(vocabulary.tokens)
    unused = size - learned - len(_SPECIAL)
    if unused < 0:
        raise ValueError(f"a vocabulary of {size} has no room for {learned} learned tokens")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([*vocabulary.tokens, *_SPECIAL, *(f"[PAD{n}]" for n in range(unused))])
    kinds = [gguf.TokenType.NORMAL] * learned + [gguf.TokenType.CONTROL] * len(_SPECIAL)
    writer.add_token_types(kinds + [gguf.TokenType.UNUSED] * unused)
    writer.add_token_merges(vocabulary.merges)
    writer.add_bos_token_id(learned)
    writer.add_eos_token_id(learned + 2)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def _tensors(shape: Shape) -> Iterator[Tensor]:
    yield Tensor("token_embd.weight", Kind.Q6_K, shape.vocabulary, shape.width)
    yield Tensor("output_norm.weight", Kind.F32, 1, shape.width)
    for layer in range(shape.layers):
        finer = Kind.Q6_K if shape.is_finer(layer) else Kind.Q4_K
        for name, kind, rows, width in (
            ("attn_norm.weight", Kind.F32, 1, shape.width),
            ("attn_q.weight", Kind.Q4_K, shape.width, shape.width),
            ("attn_q.bias", Kind.F32, 1, shape.width),
            ("attn_k.weight", Kind.Q4_K, shape.key_width, shape.width),
            ("attn_k.bias", Kind.F32, 1, shape.key_width),
            ("attn_v.weight", finer, shape.key_width, shape.width),
            ("attn_v.bias", Kind.F32, 1, shape.key_width),
            ("attn_output.weight", Kind.Q4_K, shape.width, shape.width),
            ("ffn_norm.weight", Kind.F32, 1, shape.width),
            ("ffn_gate.weight", Kind.Q4_K, shape.inner, shape.width),
            ("ffn_up.weight", Kind.Q4_K, shape.inner, shape.width),
            ("ffn_down.weight", finer, shape.width, shape.inner),
        ):
            yield Tensor(f"blk.{layer}.{name}", kind, rows, width)


def _announce(writer: gguf.GGUFWriter, tensor: Tensor) -> None:
    if tensor.kind == Kind.F32:
        writer.add_tensor_info(tensor.name, (tensor.width,), np.dtype(np.float32), 4 * tensor.width)
        return
    elements, size = gguf.GGML_QUANT_SIZES[tensor.kind]
    stored = (tensor.rows, tensor.width // elements * size)
    writer.add_tensor_info(tensor.name, stored, np.dtype(np.uint8), stored[0] * stored[1], tensor.kind)


def _weights(random: np.random.Generator, tensor: Tensor) -> np.ndarray:
    if tensor.kind == Kind.Q4_K:
        return q4_k(random, tensor.rows, tensor.width)
    if tensor.kind == Kind.Q6_K:
        return q6_k(random, tensor.rows, tensor.width)
    if tensor.name.endswith("norm.weight"):
        return np.ones(tensor.width, np.float32)
    return (0.1 * random.standard_normal(tensor.width)).astype(np.float32)
