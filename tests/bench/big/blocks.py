"""Random weights, written straight as llama.cpp's blocks of 256, so that no float of them ever exists.

Every bit pattern of a block is valid; only its scales (16-bit floats) are set, small, so that weights stay
near zero as in a trained model.
"""

import numpy as np
from numpy.typing import NDArray

Blocks = NDArray[np.uint8]

PER_BLOCK = 256
_SPREAD = 0.02


def q4_k(random: np.random.Generator, rows: int, width: int) -> Blocks:
    """Weight = d * scale * q - dmin * min, with 6 bits each for scale and min and 4 for q, 7.5 on average."""
    blocks = _blocks(random, rows, width, 144)
    scale = _SPREAD / 250
    blocks[:, :, 0:2] = _half(scale)
    blocks[:, :, 2:4] = _half(scale * 7.5)
    return blocks.reshape(rows, -1)


def q6_k(random: np.random.Generator, rows: int, width: int) -> Blocks:
    """Weight = d * scale * (q - 32), with 8 bits for scale and 6 for q."""
    blocks = _blocks(random, rows, width, 210)
    blocks[:, :, 208:210] = _half(_SPREAD / 1370)
    return blocks.reshape(rows, -1)


def _blocks(random: np.random.Generator, rows: int, width: int, size: int) -> Blocks:
    count = width // PER_BLOCK
    return np.frombuffer(bytearray(random.bytes(rows * count * size)), np.uint8).reshape(rows, count, size)


def _half(value: float) -> Blocks:
    return np.frombuffer(np.float16(value).tobytes(), np.uint8)
