"""Write a trained network as GGUF, quantised by llama.cpp."""

import ctypes
import io
import json
from contextlib import redirect_stderr
from pathlib import Path

import gguf
import numpy as np
from tokenizers import Tokenizer

from knowledge.errors import ModelError
from training.network import Specialist
from training.tokenizer import CONTROL, end_of, tokens_of


def export(specialist: Specialist, tokenizer: Tokenizer, path: Path, facts: dict[str, str]) -> None:
    """Float GGUF of architecture llama. `facts` and the senses are written into its metadata as strings, each
    under `quarry.` and its name.
    """
    network, config = specialist.network, specialist.config
    if specialist.senses is not None:
        facts = facts | {"senses": specialist.senses.plain.written}
    heads = config.num_attention_heads
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("Quarry specialist")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(heads)
    writer.add_head_count_kv(config.num_key_value_heads or heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(config.hidden_size // heads)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(config.vocab_size)
    for name, fact in facts.items():
        writer.add_string(f"quarry.{name}", fact)
    _add_tokenizer(writer, tokenizer)
    for name, tensor in network.state_dict().items():
        target = _tensor_name(name)
        if target:
            data = tensor.detach().float().numpy()
            if ".q_proj." in name or ".k_proj." in name:
                data = permuted(data, heads)
            writer.add_tensor(target, np.ascontiguousarray(data))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def quantise(source: Path, target: Path, kind: str = "Q8_0") -> None:
    """Quantise by llama.cpp. Raises ModelError where it fails."""
    import llama_cpp

    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = getattr(llama_cpp, f"LLAMA_FTYPE_MOSTLY_{kind}")
    params.nthread = 1
    said = io.StringIO()
    with redirect_stderr(said):  # llama.cpp tells of every tensor
        code = llama_cpp.llama_model_quantize(
            str(source).encode(), str(target).encode(), ctypes.byref(params)
        )
    if code != 0:
        reason = said.getvalue().strip().rpartition("\n")[2] or f"code {code}"
        raise ModelError(
            f"llama.cpp could not quantise {source} to {target} ({reason}); look for free disk space."
        )


def _add_tokenizer(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    state = json.loads(tokenizer.to_str())
    added = {token["id"] for token in state["added_tokens"]}
    kinds = []
    tokens = tokens_of(tokenizer)
    for number, token in enumerate(tokens):
        if token in CONTROL:
            kinds.append(gguf.TokenType.CONTROL)
        elif number in added:
            kinds.append(gguf.TokenType.USER_DEFINED)
        else:
            kinds.append(gguf.TokenType.NORMAL)
    merges = [m if isinstance(m, str) else " ".join(m) for m in state["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    end = end_of(tokenizer)
    writer.add_bos_token_id(end)
    writer.add_eos_token_id(end)
    writer.add_pad_token_id(end)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)


def _tensor_name(name: str) -> str:
    """transformers' name -> GGUF's; empty for what GGUF does not hold (tied output weights)."""
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    if not name.startswith("model.layers."):
        return ""
    _, _, layer, *rest = name.split(".")
    return f"blk.{layer}.{LAYER['.'.join(rest[:-1])]}.weight"


LAYER = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def permuted(weights: np.ndarray, heads: int) -> np.ndarray:
    """llama.cpp rotates neighbouring pairs, transformers rotates halves: reorder each head's rows."""
    rows, columns = weights.shape
    return weights.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def unpermuted(weights: np.ndarray, heads: int) -> np.ndarray:
    """The inverse, for weights that are read back."""
    rows, columns = weights.shape
    return weights.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)
