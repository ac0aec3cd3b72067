"""The corpus: small programs as users write them, one idea each, with inputs away from their kinks.

A module is a topic.  ``@program(*args)`` registers a function with sample arguments; `more` gives further
argument tuples (other shapes, other branches).
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Program:
    """A function of the corpus.

    Attributes
    ----------
    inputs
        Tuples of arguments, each of which is checked.
    jit
        Whether its derivatives compile under Numba; if not, they are refused.
    order2
        Whether second derivatives are checked too (the program is twice differentiable there).
    refused
        Slug of the refusal, if adgen has to refuse it.
    argnums
        Positions that are differentiated; all that can be, if None.
    """

    function: Callable
    inputs: tuple[tuple, ...]
    jit: bool = True
    order2: bool = False
    refused: str = ""
    argnums: tuple[int, ...] | None = None

    @property
    def name(self) -> str:
        return f"{self.function.__module__.rpartition('.')[2]}.{self.function.__name__}"


_registered: dict[str, Program] = {}


def program(*args, more=(), jit=True, order2=False, refused="", argnums=None):
    """Register a function with sample arguments; the function itself stays as it is."""

    def register(function):
        made = Program(function, (args, *more), jit, order2, refused, argnums)
        if made.name in _registered and _registered[made.name].function.__code__ != function.__code__:
            message = f"two programs are called {made.name}"
            raise ValueError(message)
        _registered[made.name] = made
        return function

    return register


def all_programs() -> list[Program]:
    """Every program of every topic, by name."""
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("test_"):
            importlib.import_module(f"{__name__}.{module.name}")
    return [_registered[name] for name in sorted(_registered)]


def vec(n: int, seed: int = 0, dtype: type = np.float64) -> np.ndarray:
    """A vector with distinct entries between 0.3 and 1.7."""
    return (0.3 + 1.4 * np.random.default_rng(100 + seed).random(n)).astype(dtype)


def signed(n: int, seed: int = 0) -> np.ndarray:
    """A vector with entries of both signs, none within 0.2 of zero."""
    sign = np.where(np.arange(n) % 3 == seed % 3, -1.0, 1.0)
    return sign * (0.2 + 1.3 * np.random.default_rng(200 + seed).random(n))


def mat(m: int, n: int, seed: int = 0) -> np.ndarray:
    """A matrix with distinct entries between 0.3 and 1.7."""
    return 0.3 + 1.4 * np.random.default_rng(300 + seed).random((m, n))


def cube(*shape: int, seed: int = 0) -> np.ndarray:
    """An array of any rank with entries between 0.3 and 1.7."""
    return 0.3 + 1.4 * np.random.default_rng(400 + seed).random(shape)


def positive_definite(n: int, seed: int = 0) -> np.ndarray:
    """A symmetric matrix, well conditioned."""
    half = np.random.default_rng(500 + seed).standard_normal((n, n))
    return half @ half.T / n + np.eye(n)


def dominant(n: int, seed: int = 0) -> np.ndarray:
    """A matrix whose diagonal dominates, so that elimination needs no pivots."""
    return np.random.default_rng(600 + seed).uniform(-1, 1, (n, n)) + 2 * n**0.5 * np.eye(n)
