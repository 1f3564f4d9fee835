"""A GGUF file in the process, through llama.cpp: log-probabilities and several candidates at little cost."""

import os
import threading
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.models.base import Candidate, Generation, Prompt
from graph.models.gguf_file import GGUFFile, read_gguf
from graph.models.sql_text import sql_in
from knowledge.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from graph.constraint import Constraint
    from graph.constraint.llama_grammar import LlamaVocabulary
    from graph.constraint.matcher import Matcher
    from graph.constraint.vocabulary import Vocabulary
    from graph.models.decoding import Decoder
    from graph.models.decoding import Path as Written

LONGEST_PIECE = 1024


class LlamaModel:
    """Greedy decoding first; then the runner-up is taken where the choice was closest, and greedy again.

    The key-value cache of the common beginning of two prompts is kept: the constant head is read once. Under
    a constraint the log-probabilities stay those of the model itself: a word that it did not want is a doubt.
    """

    def __init__(self, path: str | Path, *, context: int = 2048, threads: int | None = None) -> None:
        from graph.models.evaluation import Evaluation
        from graph.models.prompt_embeddings import PromptEmbeddings

        file = read_gguf(Path(path))
        context = min(context, file.context)
        _check_memory(file, context)
        self.name = file.path.stem
        self.format, self.recovers, self.follows = file.format, file.recovers, file.follows
        self.context = context
        # Measured on a CPU (`tests.bench constraint`): reading drafts takes longer than writing does.
        self.drafts = False
        self._lock = threading.Lock()
        self._llama = _load(file, context, threads or _cores())
        self._formatter = _formatter(self._llama)
        self._evaluation = Evaluation(self._llama, self.name)
        self._vocabulary: Vocabulary | None = None
        self._gbnf_vocabulary: LlamaVocabulary | None = None
        self._prompt_embeddings = PromptEmbeddings(file) if file.senses else None
        self._piece = lru_cache(maxsize=8192)(self._read_piece)
        self._is_end = lru_cache(maxsize=8192)(self._ask_end)

    def generate(
        self,
        prompt: Prompt,
        candidates: int = 1,
        max_tokens: int = 256,
        constraint: "Constraint | None" = None,
    ) -> Generation:
        with self._lock:
            tokens = self._tokens(prompt)
            room = self.context - len(tokens)
            if room < 8:
                raise ModelError(
                    f"The prompt has {len(tokens)} tokens and the model's context holds {self.context}; "
                    "raise `context` in quarry.toml."
                )
            matcher, held = self._matcher(constraint)
            started = time.perf_counter()
            cached = self._evaluation.read(tokens, self._embedded(prompt, tokens))
            read = time.perf_counter()
            decoder = self._decoder(tokens, min(max_tokens, room - 1))
            paths = decoder.search(candidates, matcher, self._text)
            wrote = time.perf_counter()
        return Generation(
            self._candidates(paths)[:candidates],
            prompt_tokens=len(tokens),
            cached_tokens=cached,
            read_seconds=read - started,
            write_seconds=wrote - read,
            extra={"constraint": held, **decoder.account.to_extra()},
        )

    def close(self) -> None:
        self._llama.close()

    def _tokens(self, prompt: Prompt) -> list[int]:
        if self.format == "specialist" or self._formatter is None:
            text = prompt.head + prompt.tail
            return list(self._llama.tokenize(text.encode(), add_bos=True, special=True))
        return list(self._llama.tokenize(self._chat(prompt).encode(), add_bos=False, special=True))

    def _embedded(self, prompt: Prompt, tokens: list[int]) -> "NDArray[np.float32] | None":
        """What a specialist with senses is given in place of the tokens."""
        if self._prompt_embeddings is None:
            return None
        pieces = [self._piece(token, True) for token in tokens]
        return self._prompt_embeddings.of(prompt.head + prompt.tail, tokens, pieces)

    def _chat(self, prompt: Prompt) -> str:
        apart = [{"role": "system", "content": prompt.head}, {"role": "user", "content": prompt.tail}]
        together = [{"role": "user", "content": f"{prompt.head}\n\n{prompt.tail}"}]
        try:
            return str(self._formatter(messages=apart).prompt)
        except ValueError:
            return str(self._formatter(messages=together).prompt)

    def _decoder(self, tokens: list[int], max_tokens: int) -> "Decoder":
        from graph.models.decoding import Decoder

        return Decoder(
            self._evaluation,
            tokens,
            is_end=self._is_end,
            has_closed=self._has_closed,
            max_tokens=max_tokens,
            drafts=self.drafts,
        )

    def _matcher(self, constraint: "Constraint | None") -> "tuple[Matcher | None, str]":
        """At the beginning of a text, and what holds it: llama.cpp's own grammar where llguidance cannot."""
        if constraint is None:
            return None, ""
        from graph.constraint.vocabulary import VocabularyError, vocabulary_of

        try:
            if self._vocabulary is None:
                self._vocabulary = vocabulary_of(self._llama, constraint.slots)
            return constraint.matcher(self._vocabulary), "grammar"
        except VocabularyError as error:
            return self._gbnf_matcher(constraint, error)

    def _gbnf_matcher(self, constraint: "Constraint", reason: Exception) -> "tuple[Matcher | None, str]":
        from graph.constraint.llama_grammar import LlamaVocabulary
        from graph.constraint.vocabulary import VocabularyError

        try:
            if self._gbnf_vocabulary is None:
                self._gbnf_vocabulary = LlamaVocabulary(self._llama, constraint.slots)
            return constraint.matcher(self._gbnf_vocabulary), "gbnf"
        except VocabularyError as error:
            return None, f"none: {reason}; {error}"

    def _has_closed(self, tokens: list[int]) -> bool:
        """A chat model that has closed its block of SQL has nothing more to say."""
        if self.format != "chat" or len(tokens) <= 4 or b"`" not in self._piece(tokens[-1], False):
            return False
        return self._raw(tokens).count("```") >= 2

    def _ask_end(self, token: int) -> bool:
        import llama_cpp

        return bool(llama_cpp.llama_vocab_is_eog(self._llama._model.vocab, token))

    def _raw(self, tokens: list[int]) -> str:
        tokens = tokens[:-1] if tokens and self._is_end(tokens[-1]) else tokens
        special = self.format == "specialist"
        return b"".join(self._piece(token, special) for token in tokens).decode("utf-8", errors="replace")

    def _read_piece(self, token: int, special: bool) -> bytes:
        """A token's bytes; llama-cpp-python's `detokenize` drops pieces of over 32 bytes, such as joins."""
        import ctypes

        import llama_cpp

        buffer = (ctypes.c_char * LONGEST_PIECE)()
        length = llama_cpp.llama_token_to_piece(
            self._llama._model.vocab, token, buffer, LONGEST_PIECE, 0, special
        )
        return buffer.raw[:length] if length > 0 else b""

    def _text(self, path: "Written") -> str:
        raw = self._raw(path.tokens)
        return raw.strip() if self.format == "specialist" else sql_in(raw)

    def _candidates(self, paths: "list[Written]") -> tuple[Candidate, ...]:
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
