"""Randomness that depends on nothing but names: the same names give the same numbers anywhere."""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def digest(*names: object, size: int = 16) -> bytes:
    """`size` bytes that look random and depend on the names alone."""
    return blake2b("/".join(map(str, names)).encode(), digest_size=size).digest()


def generator(*names: object) -> np.random.Generator:
    """A random generator that depends on the names alone."""
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest(*names))))


def wandering(rng: np.random.Generator, shape: tuple[int, ...], memory: float) -> Floats:
    """Mean-reverting random walks with variance 1 at every step.

    An Ornstein-Uhlenbeck process sampled at whole steps: correlation exp(-k / memory) at distance
    k. The first axis is time; every other axis holds independent walks.

    Args:
        rng: Where the steps come from.
        shape: (steps, ...), steps below 500 x memory (the weights grow as exp(steps / memory)).
        memory: Steps after which the correlation has fallen to 1/e.

    Returns:
        Array of that shape.
    """
    steps = rng.standard_normal(shape)
    steps[1:] *= np.sqrt(-np.expm1(-2 / memory))
    age = np.arange(shape[0], dtype=float).reshape(-1, *[1] * (len(shape) - 1)) / memory
    return np.asarray(np.exp(-age) * np.cumsum(np.exp(age) * steps, axis=0))
