"""A GGUF file in the process, through llama.cpp: log-probabilities and several candidates at little cost."""

import heapq
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from graph.models.base import Candidate, Generation, Prompt
from graph.models.gguf_file import GGUFFile, read_gguf
from graph.models.sql_text import sql_in
from knowledge.errors import ModelError

UNLIKELY = 6.0
"""A second choice this much less likely (in nats) than the first is not worth a candidate."""


LONGEST_PIECE = 1024


@dataclass
class _Path:
    """One way through the tokens. `forks` holds, per position written here, the runner-up and its margin."""

    tokens: list[int]
    logprobs: list[float]
    forks: list[tuple[float, int, int, float]] = field(default_factory=list)

    @property
    def mean(self) -> float:
        return sum(self.logprobs) / max(1, len(self.logprobs))


class LlamaModel:
    """Greedy decoding first; then the runner-up is taken where the choice was closest, and greedy again.

    The key-value cache of the common beginning of two prompts is kept, so the constant head is read once.
    """

    def __init__(self, path: str | Path, *, context: int = 2048, threads: int | None = None) -> None:
        file = read_gguf(Path(path))
        context = min(context, file.context)
        _check_memory(file, context)
        self.name = file.path.stem
        self.format = file.format
        self.context = context
        self._lock = threading.Lock()
        self._cached: list[int] = []
        self._llama = _load(file, context, threads or _cores())
        self._formatter = _formatter(self._llama)

    def generate(self, prompt: Prompt, candidates: int = 1, max_tokens: int = 256) -> Generation:
        with self._lock:
            tokens = self._tokens(prompt)
            room = self.context - len(tokens)
            if room < 8:
                raise ModelError(
                    f"The prompt has {len(tokens)} tokens and the model's context holds {self.context}; "
                    "raise `context` in quarry.toml."
                )
            started = time.perf_counter()
            cached = self._read(tokens)
            read = time.perf_counter()
            paths = self._search(tokens, candidates, min(max_tokens, room - 1))
            wrote = time.perf_counter()
        return Generation(
            self._candidates(paths)[:candidates],
            prompt_tokens=len(tokens),
            cached_tokens=cached,
            read_seconds=read - started,
            write_seconds=wrote - read,
        )

    def close(self) -> None:
        self._llama.close()

    def _tokens(self, prompt: Prompt) -> list[int]:
        if self.format == "specialist" or self._formatter is None:
            text = prompt.head + prompt.tail
            return list(self._llama.tokenize(text.encode(), add_bos=True, special=True))
        return list(self._llama.tokenize(self._chat(prompt).encode(), add_bos=False, special=True))

    def _chat(self, prompt: Prompt) -> str:
        apart = [{"role": "system", "content": prompt.head}, {"role": "user", "content": prompt.tail}]
        together = [{"role": "user", "content": f"{prompt.head}\n\n{prompt.tail}"}]
        try:
            return str(self._formatter(messages=apart).prompt)
        except ValueError:
            return str(self._formatter(messages=together).prompt)

    def _read(self, tokens: list[int]) -> int:
        """Evaluate what the cache does not hold yet; at least the last token, for its logits."""
        kept = 0
        for ours, theirs in zip(tokens[:-1], self._cached, strict=False):
            if ours != theirs:
                break
            kept += 1
        kept = self._rewind(kept)
        self._eval(tokens[kept:])
        return kept

    def _rewind(self, kept: int) -> int:
        """Keep the first tokens of the cache; none where the architecture cannot forget a part."""
        if self._llama._is_recurrent or self._llama._is_hybrid:
            kept = 0
            self._llama.reset()
        self._llama.n_tokens = kept
        self._cached = self._cached[:kept]
        return kept

    def _eval(self, tokens: list[int]) -> None:
        try:
            self._llama.eval(tokens)
        except RuntimeError as error:
            self._cached = []
            self._llama.n_tokens = 0
            raise ModelError(
                f"{self.name} failed while decoding ({error}); lower `context` or try again."
            ) from error
        self._cached += tokens

    def _logits(self) -> np.ndarray:
        size = self._llama.n_vocab()
        pointer = self._llama._ctx.get_logits_ith(-1)
        return np.ctypeslib.as_array(pointer, shape=(size,)).astype(np.float64)

    def _search(self, prompt: list[int], wanted: int, max_tokens: int) -> list[_Path]:
        """The greedy path, then one fork after the other, the closest choices first."""
        greedy = self._continue(_Path([], []), len(prompt), max_tokens)
        paths, texts = [greedy], {self._text(greedy)}
        queue = [(margin, 0, place, token, logprob) for margin, place, token, logprob in greedy.forks]
        heapq.heapify(queue)
        tries = 3 * wanted
        while len(paths) < wanted and queue and tries > 0:
            tries -= 1
            margin, origin, place, token, logprob = heapq.heappop(queue)
            if margin > UNLIKELY:
                break
            start = _Path([*paths[origin].tokens[:place], token], [*paths[origin].logprobs[:place], logprob])
            if not self._is_end(token):
                self._reread(prompt, start.tokens)
                start = self._continue(start, len(prompt), max_tokens)
            text = self._text(start)
            if text in texts:
                continue
            texts.add(text)
            for fork in start.forks:
                heapq.heappush(queue, (fork[0], len(paths), *fork[1:]))
            paths.append(start)
        return paths

    def _reread(self, prompt: list[int], tokens: list[int]) -> None:
        whole = prompt + tokens
        kept = 0
        for ours, theirs in zip(whole[:-1], self._cached, strict=False):
            if ours != theirs:
                break
            kept += 1
        kept = self._rewind(kept)
        self._eval(whole[kept:])

    def _continue(self, path: _Path, prompt_length: int, max_tokens: int) -> _Path:
        """Write on greedily from what has just been evaluated, until the end or the limit."""
        while len(path.tokens) < max_tokens:
            logits = self._logits()
            first, second = np.argpartition(logits, -2)[-2:][::-1]
            if logits[first] < logits[second]:
                first, second = second, first
            top = logits[first]
            total = top + float(np.log(np.exp(logits - top).sum()))
            path.forks.append(
                (float(top - logits[second]), len(path.tokens), int(second), float(logits[second] - total))
            )
            path.tokens.append(int(first))
            path.logprobs.append(float(top - total))
            if self._is_end(int(first)) or self._has_closed(path):
                break
            if len(path.tokens) < max_tokens:
                self._eval([int(first)])
        return path

    def _has_closed(self, path: _Path) -> bool:
        """A chat model that has closed its block of SQL has nothing more to say."""
        return self.format == "chat" and len(path.tokens) > 4 and self._raw(path).count("```") >= 2

    def _is_end(self, token: int) -> bool:
        import llama_cpp

        return bool(llama_cpp.llama_vocab_is_eog(self._llama._model.vocab, token))

    def _raw(self, path: _Path) -> str:
        tokens = path.tokens[:-1] if path.tokens and self._is_end(path.tokens[-1]) else path.tokens
        special = self.format == "specialist"
        return b"".join(self._piece(token, special) for token in tokens).decode("utf-8", errors="replace")

    def _piece(self, token: int, special: bool) -> bytes:
        """A token's bytes; llama-cpp-python's `detokenize` drops pieces of over 32 bytes, such as joins."""
        import ctypes

        import llama_cpp

        buffer = (ctypes.c_char * LONGEST_PIECE)()
        length = llama_cpp.llama_token_to_piece(
            self._llama._model.vocab, token, buffer, LONGEST_PIECE, 0, special
        )
        return buffer.raw[:length] if length > 0 else b""

    def _text(self, path: _Path) -> str:
        raw = self._raw(path)
        return raw.strip() if self.format == "specialist" else sql_in(raw)

    def _candidates(self, paths: list[_Path]) -> tuple[Candidate, ...]:
        found = [Candidate(self._text(path), path.mean, len(path.tokens)) for path in paths]
        return tuple(sorted(found, key=lambda candidate: -(candidate.logprob or 0.0)))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _check_memory(file: GGUFFile, context: int) -> None:
    available = _available_memory()
    needed = file.size + file.context_bytes(context)
    if available is not None and needed > available:
        raise ModelError(
            f"{file.path.name} needs about {needed / 2**30:.1f} GiB of memory and only "
            f"{available / 2**30:.1f} GiB are free; choose a smaller model or lower `context`."
        )


def _available_memory() -> int | None:
    """What Linux says can be had without swapping; None elsewhere."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    return found[0] if found else None


def _load(file: GGUFFile, context: int, threads: int) -> Any:
    try:
        import llama_cpp
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelError(
            "llama-cpp-python cannot be loaded; install it with `pip install llama-cpp-python`."
        ) from error
    try:
        return llama_cpp.Llama(
            str(file.path),
            n_ctx=context,
            n_threads=threads,
            n_threads_batch=threads,
            swa_full=True,
            verbose=False,
        )
    except (ValueError, RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(
            f"llama.cpp cannot load {file.path.name} ({reason}); download or convert it again."
        ) from error


def _formatter(llama: Any) -> Any:
    """The file's own chat template; None where it has none, then head and tail go in as plain text."""
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    template = llama.metadata.get("tokenizer.chat_template")
    if template is None:
        return None
    bos, eos = llama.token_bos(), llama.token_eos()
    text = llama._model.token_get_text
    return Jinja2ChatFormatter(template, text(eos) if eos != -1 else "", text(bos) if bos != -1 else "")
