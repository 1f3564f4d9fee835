"""Greedy texts and their forks, held to a constraint, several tokens at a time where they can be foreseen."""

import heapq
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from graph.constraint.lookup import Lookup
from graph.constraint.matcher import Matcher
from graph.models.evaluation import Evaluation

UNLIKELY = 6.0
"""A second choice this much less likely (in nats) than the first is not worth a candidate."""

STUCK = -1

MOST_TRIES = 3
"""Forks that are followed for each candidate that is wanted."""

MOST_STRAINS = 4
"""So often may a first text be held back from what the model would write; then it is given up."""

NEAR_TOP = 16
"""So many of the likeliest tokens are tried one by one before the whole vocabulary's mask is made."""


@dataclass(frozen=True)
class Fork:
    """The runner-up at a place, and how much less likely it was than the choice."""

    margin: float
    place: int
    token: int
    logprob: float


@dataclass
class Path:
    """One way through the tokens. `matcher` stands after the last token that is not the end.

    `is_stuck`: no token may follow, or none that the model would write, so the text is not worth an end.
    """

    tokens: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    forks: list[Fork] = field(default_factory=list)
    matcher: Matcher | None = None
    is_fork: bool = False
    strains: int = 0
    is_stuck: bool = False

    @property
    def mean(self) -> float:
        return sum(self.logprobs) / max(1, len(self.logprobs))

    def add(self, token: int, logprob: float) -> None:
        self.tokens.append(token)
        self.logprobs.append(logprob)


@dataclass
class Account:
    """Tokens that the grammar forced, that were drafted, and that came true; seconds for the constraint."""

    forced: int = 0
    drafted: int = 0
    accepted: int = 0
    mask_seconds: float = 0.0

    def to_extra(self) -> dict[str, object]:
        return {
            "forced": self.forced,
            "drafted": self.drafted,
            "accepted": self.accepted,
            "mask_seconds": self.mask_seconds,
        }


class Decoder:
    """Writes after a prompt that `evaluation` has just read.

    `is_end` knows the tokens that end a text, `has_closed` the texts that have nothing more to say. `drafts`
    from the prompt are taken where greedy decoding would have written the same: they change the time alone.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        prompt: Sequence[int],
        *,
        is_end: Callable[[int], bool],
        has_closed: Callable[[list[int]], bool],
        max_tokens: int,
        drafts: bool,
    ) -> None:
        self._evaluation = evaluation
        self._prompt = list(prompt)
        self._is_end = is_end
        self._has_closed = has_closed
        self._most = max_tokens
        self._lookup = Lookup(prompt) if drafts and evaluation.can_forget else None
        self._wants_forks = False
        self.account = Account()

    def search(self, wanted: int, matcher: Matcher | None, text: Callable[[Path], str]) -> list[Path]:
        """The greedy path, then one fork after the other, the closest choices first; each text once."""
        self._wants_forks = wanted > 1
        greedy = self._continue(Path(matcher=matcher))
        tried, found = [greedy], {} if greedy.is_stuck else {text(greedy): greedy}
        queue = [(fork.margin, 0, fork.place, fork) for fork in greedy.forks]
        heapq.heapify(queue)
        while len(found) < wanted and queue and len(tried) <= MOST_TRIES * wanted:
            margin, origin, _, fork = heapq.heappop(queue)
            if margin > UNLIKELY:
                break
            path = self._forked(tried[origin], fork)
            said = text(path)
            if said in found:
                continue
            if not path.is_stuck:
                found[said] = path
            for further in path.forks:
                heapq.heappush(queue, (further.margin, len(tried), further.place, further))
            tried.append(path)
        return list(found.values()) or [greedy]

    def _forked(self, origin: Path, fork: Fork) -> Path:
        path = Path(origin.tokens[: fork.place], origin.logprobs[: fork.place], is_fork=True)
        if origin.matcher is not None:
            path.matcher = origin.matcher.copy()
            path.matcher.back(sum(not self._is_end(token) for token in origin.tokens[fork.place :]))
        path.add(fork.token, fork.logprob)
        if self._is_end(fork.token):
            return path
        if path.matcher is not None:
            path.matcher.take(fork.token)
        self._evaluation.read(self._prompt + path.tokens)
        if self._lookup is not None:
            self._lookup.restart(path.tokens)
        return self._continue(path)

    def _continue(self, path: Path) -> Path:
        """Write on greedily from what has just been evaluated, until the end or the limit."""
        token = self._write(path, -1)
        while not self._is_over(path, token):
            forced = self._forced(path)
            drafted = [] if forced else self._drafted(path)
            self._evaluation.go_on([token, *forced, *drafted])
            for row, sure in enumerate(forced):
                if not self._allows(path, sure):
                    path.is_stuck = True
                    return path
                self._take(path, sure, _logprob(self._evaluation.logits(row), sure))
            if forced and self._is_over(path, forced[-1]):
                break
            token = self._verified(path, drafted, len(forced))
        return path

    def _write(self, path: Path, row: int) -> int:
        """Choose the next token by this row's logits and note its runner-up.

        STUCK where none may follow; a fork is given up where the model would write something else altogether.
        """
        logits = self._evaluation.logits(row)
        choices = self._choices(logits, path)
        first = next(choices, None)
        if first is not None and logits.max() - logits[first] > UNLIKELY:
            path.strains += 1
        if first is None or path.strains > (0 if path.is_fork else MOST_STRAINS):
            path.is_stuck = True
            return STUCK
        total = _total(logits)
        if self._wants_forks:
            second = next(choices, None)
            if second is not None:
                margin = float(logits[first] - logits[second])
                path.forks.append(Fork(margin, len(path.tokens), second, float(logits[second]) - total))
        self._take(path, first, float(logits[first]) - total)
        return first

    def _take(self, path: Path, token: int, logprob: float) -> None:
        path.add(token, logprob)
        if path.matcher is not None and not self._is_end(token):
            begun = time.perf_counter()
            path.matcher.take(token)
            self.account.mask_seconds += time.perf_counter() - begun
        if self._lookup is not None:
            self._lookup.add(token)

    def _is_over(self, path: Path, token: int) -> bool:
        if token == STUCK or len(path.tokens) >= self._most:
            return True
        if self._is_end(token) or self._has_closed(path.tokens):
            return True
        return path.matcher is not None and path.matcher.is_over()

    def _forced(self, path: Path) -> list[int]:
        if path.matcher is None:
            return []
        begun = time.perf_counter()
        forced = path.matcher.forced()[: self._most - len(path.tokens)]
        self.account.mask_seconds += time.perf_counter() - begun
        self.account.forced += len(forced)
        return forced

    def _drafted(self, path: Path) -> list[int]:
        """What the prompt says comes next, as far as the grammar agrees."""
        if self._lookup is None:
            return []
        drafted = self._lookup.draft()[: self._most - len(path.tokens) - 1]
        if path.matcher is not None and drafted:
            drafted = drafted[: path.matcher.agrees(drafted)]
        self.account.drafted += len(drafted)
        return drafted

    def _verified(self, path: Path, drafted: list[int], row: int) -> int:
        """Write what greedy decoding writes, as long as the draft has foreseen it; the last token of that.

        The cache is left with everything before that last token.
        """
        token = self._write(path, row)
        accepted = 0
        for foreseen in drafted:
            if token != foreseen:
                break
            accepted += 1
            if self._is_over(path, token):
                break
            token = self._write(path, row + accepted)
        if drafted and self._lookup is not None:
            self._lookup.came_true(len(drafted), accepted)
            self.account.accepted += accepted
            self._evaluation.keep(len(self._prompt) + len(path.tokens) - 1)
        return token

    def _choices(self, logits: np.ndarray, path: Path) -> Iterator[int]:
        """Tokens that may follow, likeliest first. The mask is made where the likeliest are not allowed."""
        few = min(NEAR_TOP, len(logits) - 1)
        nearest = _by_logit(logits, np.argpartition(logits, -few)[-few:])
        best = None
        for token in map(int, nearest):
            if best is not None and best - logits[token] > UNLIKELY:
                return
            if self._allows(path, token):
                best = logits[token] if best is None else best
                yield token
        if path.matcher is not None:
            yield from self._masked(logits, path, set(map(int, nearest)))

    def _masked(self, logits: np.ndarray, path: Path, tried: set[int]) -> Iterator[int]:
        assert path.matcher is not None
        begun = time.perf_counter()
        allowed = _by_logit(logits, np.flatnonzero(path.matcher.mask()[: len(logits)]))
        self.account.mask_seconds += time.perf_counter() - begun
        for token in map(int, allowed):
            if token not in tried and self._allows(path, token):
                yield token

    def _allows(self, path: Path, token: int) -> bool:
        if path.matcher is None:
            return True
        begun = time.perf_counter()
        allowed = path.matcher.allows_end() if self._is_end(token) else path.matcher.allows(token)
        self.account.mask_seconds += time.perf_counter() - begun
        return allowed


def _by_logit(logits: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """Likeliest first; of equals the lower number first."""
    return tokens[np.lexsort((tokens, -logits[tokens]))]


def _total(logits: np.ndarray) -> float:
    """The logarithm of the sum of exponentials."""
    top = float(logits.max())
    return top + float(np.log(np.exp(logits - np.float32(top)).sum(dtype=np.float64)))


def _logprob(logits: np.ndarray, token: int) -> float:
    return float(logits[token]) - _total(logits)
