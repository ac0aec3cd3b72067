"""Functions of NumPy and Python as Python functions of others that have rows.

Where no row fits a call, the frontend specialises the function's definition in its place, if there is one, so that
every keyword argument and both modes come for free.  A definition may call the function that it defines, in a form
that has a row.  It is read as source, and reads nothing but ``np``, ``math``, ``rt`` and its neighbours.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from adgen.rules.registry import key_of, resolve

DEFINITIONS: dict[str, Callable[..., Any]] = {}
IN_PLACE: set[Callable[..., Any]] = set()  # definitions that change a list that they are given
# Definitions that hold for each call, also one that a row fits: what Numba lacks is compiled from them.
WHOLE: set[Callable[..., Any]] = set()


def defines(*paths: str, in_place: bool = False, whole: bool = False) -> Callable[[Any], Any]:
    """Make a function the definition of those that the paths name."""

    def register(function: Any) -> Any:
        if in_place:
            IN_PLACE.add(function)
        if whole:
            WHOLE.add(function)
        for path in paths:
            DEFINITIONS[path] = function
        return function

    return register


SCIPY = ("linalg", "special", "integrate", "interpolate", "signal", "fft")


@functools.cache
def _by_function(loaded: tuple[str, ...]) -> tuple[dict[Hashable, Callable[..., Any]], list[Any]]:
    """Definitions by what identifies a function, and the functions, so that no id is used again."""
    from adgen.rules.definitions import (  # noqa: F401
        arrays,
        choices,
        histograms,
        linalg,
        lists,
        moments,
        polynomials,
        python,
        rearranged,
        shapes,
        ufuncs,
    )

    if loaded:
        from adgen.rules.definitions import scipy, scipy_linalg  # noqa: F401

    found, keep = {}, []
    for path, definition in DEFINITIONS.items():
        if path.startswith("sp.") and path.split(".")[1] not in loaded:
            continue
        function = resolve(path)
        if function is not None:  # else absent from the installed NumPy
            keep.append(function)
            found[key_of(function)] = definition
    return found, keep


def definition_of(function: Any) -> Callable[..., Any] | None:
    """The definition of a function, if it has one; that of any ufunc for a method that has no other.

    >>> definition_of(np.cov).__name__
    'cov'
    """
    known = _by_function(tuple(name for name in SCIPY if f"scipy.{name}" in sys.modules))[0]
    definition = known.get(key_of(function))
    if definition is None and isinstance(getattr(function, "__self__", None), np.ufunc):
        from adgen.rules.definitions.ufuncs import METHODS

        definition = METHODS.get(function.__name__)
        if definition is not None:
            return functools.partial(definition, function.__self__)
    return definition
