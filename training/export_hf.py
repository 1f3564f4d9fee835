"""A model of Hugging Face's as GGUF: the Llama and the Qwen2 family, with a byte-level BPE."""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from knowledge.errors import TrainingError
from training.export import LAYER, permuted

FAMILIES = {"llama": "llama", "qwen2": "qwen2"}
"""transformers' name of a family -> llama.cpp's."""

QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_CUT = {QWEN2: "qwen2", LLAMA3: "llama-bpe"}
"""How a tokenizer cuts text before it merges -> llama.cpp's name for that."""


def known_family(config: Any) -> str:
    """llama.cpp's name of the family. Raises TrainingError for one that this exporter does not write."""
    family = FAMILIES.get(config.model_type)
    if family is None:
        raise TrainingError(
            f"A model of the family {config.model_type} is not exported by Quarry itself; name the folder of "
            "llama.cpp's source with --llama-cpp, or take a model of the Llama or the Qwen2 family."
        )
    return family


def export_hf(network: Any, tokenizer: Any, path: Path) -> None:
    """Float GGUF with the model's own tokenizer and chat template."""
    config = network.config
    family = known_family(config)
    heads, key_heads = config.num_attention_heads, config.num_key_value_heads
    writer = gguf.GGUFWriter(str(path), family)
    writer.add_name("Quarry, adapted")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(heads)
    writer.add_head_count_kv(key_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(float(_rope(config)))
    writer.add_vocab_size(config.vocab_size)
    _add_tokenizer(writer, tokenizer, config.vocab_size)
    tied = bool(config.tie_word_embeddings)
    for name, tensor in network.state_dict().items():
        target = _tensor_name(name, tied=tied)
        if target:
            data = tensor.detach().float().cpu().numpy()
            if family == "llama" and (".q_proj." in name or ".k_proj." in name):
                data = permuted(data, heads if ".q_proj." in name else key_heads)
            writer.add_tensor(target, np.ascontiguousarray(data))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _rope(config: Any) -> float:
    given = getattr(config, "rope_parameters", None) or {}
    return given.get("rope_theta") or getattr(config, "rope_theta", None) or 10_000.0


def _tensor_name(name: str, *, tied: bool) -> str:
    outer = {
        "model.embed_tokens.weight": "token_embd.weight",
        "model.norm.weight": "output_norm.weight",
        "lm_head.weight": "" if tied else "output.weight",
    }
    if name in outer:
        return outer[name]
    if not name.startswith("model.layers."):
        return ""
    _, _, layer, *rest = name.split(".")
    return f"blk.{layer}.{LAYER['.'.join(rest[:-1])]}.{rest[-1]}"


def _add_tokenizer(writer: gguf.GGUFWriter, tokenizer: Any, size: int) -> None:
    state = json.loads(tokenizer.backend_tokenizer.to_str())
    if state["model"]["type"] != "BPE":
        raise TrainingError(
            f"A tokenizer of the kind {state['model']['type']} is not exported by Quarry itself; name the "
            "folder of llama.cpp's source with --llama-cpp."
        )
    added = {token["id"]: token for token in state["added_tokens"]}
    by_id = {number: token for token, number in state["model"]["vocab"].items()}
    by_id |= {number: token["content"] for number, token in added.items()}
    tokens = [by_id.get(number, f"[PAD{number}]") for number in range(size)]
    kinds = [_kind(number, by_id, added) for number in range(size)]
    merges = [m if isinstance(m, str) else " ".join(m) for m in state["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(_cut(state["pre_tokenizer"]))
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_eos_token_id(tokenizer.eos_token_id)
    if tokenizer.bos_token_id is not None:
        writer.add_bos_token_id(tokenizer.bos_token_id)
    if tokenizer.pad_token_id is not None:
        writer.add_pad_token_id(tokenizer.pad_token_id)
    writer.add_add_bos_token(False)
    if tokenizer.chat_template:
        writer.add_chat_template(tokenizer.chat_template)


def _cut(given: dict[str, Any]) -> str:
    """llama.cpp's name of how text is cut. Raises TrainingError for a way that it has none for."""
    steps = given["pretokenizers"] if given["type"] == "Sequence" else [given]
    split = next((step["pattern"].get("Regex", "") for step in steps if step["type"] == "Split"), None)
    if split is None and steps[0]["type"] == "ByteLevel" and steps[0]["use_regex"]:
        return "gpt-2"
    if split not in _CUT:
        raise TrainingError(
            "The model's tokenizer cuts text in a way that Quarry does not export; take one of the Llama 3 "
            "or the Qwen2 family, or convert the merged model with llama.cpp's convert_hf_to_gguf.py."
        )
    return _CUT[split]


def _kind(number: int, by_id: dict[int, str], added: dict[int, dict[str, Any]]) -> gguf.TokenType:
    if number not in by_id:
        return gguf.TokenType.UNUSED
    if number not in added:
        return gguf.TokenType.NORMAL
    return gguf.TokenType.CONTROL if added[number]["special"] else gguf.TokenType.USER_DEFINED
