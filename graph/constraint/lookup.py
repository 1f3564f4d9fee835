"""Prompt lookup: what followed the last tokens where they stood before is a good guess at what comes now."""

from collections.abc import Sequence

LONGEST, SHORTEST = 3, 2
FIRST_DRAFT, MOST_DRAFT = 4, 12


class Lookup:
    """Finds runs of tokens in a prompt and in what has been written. A draft grows while drafts come true."""

    def __init__(self, prompt: Sequence[int]) -> None:
        self._tokens: list[int] = []
        self._places: dict[tuple[int, ...], int] = {}
        self._length = FIRST_DRAFT
        self._prompt = len(prompt)
        for token in prompt:
            self.add(token)

    def add(self, token: int) -> None:
        """One more token. A run is noted when the token after it is known."""
        for size in range(SHORTEST, LONGEST + 1):
            if len(self._tokens) >= size:
                self._places[tuple(self._tokens[-size:])] = len(self._tokens)
        self._tokens.append(token)

    def restart(self, written: Sequence[int]) -> None:
        """Another text after the same prompt. Runs of the one before remain, as guesses."""
        del self._tokens[self._prompt :]
        for token in written:
            self.add(token)

    def draft(self) -> list[int]:
        """What followed the longest run that ends the text; empty where it never stood before."""
        for size in range(LONGEST, SHORTEST - 1, -1):
            place = self._places.get(tuple(self._tokens[-size:])) if len(self._tokens) >= size else None
            if place is not None and place < len(self._tokens):
                return self._tokens[place : place + self._length]
        return []

    def came_true(self, drafted: int, accepted: int) -> None:
        if accepted == drafted:
            self._length = min(MOST_DRAFT, 2 * self._length)
        elif 2 * accepted < drafted:
            self._length = max(SHORTEST, self._length // 2)
