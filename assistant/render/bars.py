"""Charts made of characters."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

EIGHTHS = " ▏▎▍▌▋▊▉█"
LEVELS = "▁▂▃▄▅▆▇█"


def bars(values: Sequence[Any], width: int = 24, plain: bool = False) -> list[str]:
    """One bar a value, from zero; the longest takes `width` characters. `plain` keeps to ASCII."""
    numbers = [_number(v) for v in values]
    most = max((abs(n) for n in numbers), default=0.0)
    return [_bar(abs(n) / most * width if most else 0.0, plain) for n in numbers]


def _bar(length: float, plain: bool) -> str:
    if plain:
        return "#" * round(length)
    whole, rest = divmod(round(length * 8), 8)
    return "█" * int(whole) + (EIGHTHS[int(rest)] if rest else "")


def sparkline(values: Sequence[Any], plain: bool = False, width: int = 60) -> str:
    """The course of the values in one line of text; more than `width` are averaged with neighbours."""
    numbers = _narrowed([_number(v) for v in values], width)
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    levels = "_.-=^" if plain else LEVELS
    step = (high - low) / (len(levels) - 1) or 1.0
    return "".join(levels[round((n - low) / step)] for n in numbers)


def _narrowed(numbers: list[float], width: int) -> list[float]:
    if len(numbers) <= width:
        return numbers
    edges = [round(i * len(numbers) / width) for i in range(width + 1)]
    return [sum(numbers[a:b]) / (b - a) for a, b in itertools.pairwise(edges)]


def _number(value: Any) -> float:
    number = 0.0 if value is None else float(value)
    return number if math.isfinite(number) else 0.0
