"""Functions whose result does not depend on their arguments alone."""

from __future__ import annotations

import io
import random
import sys
from typing import Any

import numpy as np

MODULES = frozenset(
    ("random", "time", "datetime", "os", "posix", "secrets", "uuid", "socket", "threading", "subprocess")
)
BUILTINS = frozenset((open, input))
SOURCES = (random.Random, np.random.Generator, np.random.RandomState, io.IOBase)


def is_impure(function: Any) -> bool:
    """Whether a call made when the derivative is generated can't stand for the calls made later.

    >>> is_impure(random.random), is_impure(np.sin)
    (True, False)
    """
    try:
        if function in BUILTINS:
            return True
    except TypeError:
        return False
    if isinstance(getattr(function, "__self__", None), SOURCES):
        return True
    return (getattr(function, "__module__", None) or "").partition(".")[0] in MODULES


def is_standard(function: Any) -> bool:
    """Whether a function belongs to Python's own library."""
    return (getattr(function, "__module__", None) or "").partition(".")[0] in sys.stdlib_module_names
