"""Every switch of the compiler, its default, and one sentence about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

FASTMATH = ("reassoc", "contract", "nsz", "arcp")
MOST_SEEDS = 9  # of one sweep: as many as a matrix of 3 x 3 has elements; the code is longer for each


@dataclass(frozen=True)
class Options:
    """How derivatives are generated and compiled.

    Attributes
    ----------
    jit
        Compile the derivative with Numba.
    exact_sums
        Keep the order of floating-point sums under Numba (no fastmath flags at all).
    alone
        The text is to run without adgen: checks that a call makes otherwise are part of it.
    own
        What the Numba dispatcher that is differentiated was made with; it comes before our defaults.
    """

    jit: bool = False
    exact_sums: bool = False
    alone: bool = False
    own: tuple[tuple[str, Any], ...] = ()

    def settings(self) -> dict[str, Any]:
        """What `numba.njit` is told.

        >>> Options(jit=True, own=(("fastmath", True),)).settings()["fastmath"]
        True
        """
        fast = {} if self.exact_sums else {"fastmath": set(FASTMATH)}
        return {"cache": True, "error_model": "numpy", **fast, **dict(self.own)}

    def decorator(self) -> str | None:
        """The Numba decorator of generated code.

        >>> Options(jit=True, exact_sums=True).decorator()
        "@numba.njit(cache=True, error_model='numpy')"
        """
        if not self.jit:
            return None
        return f"@numba.njit({', '.join(f'{key}={_written(value)}' for key, value in self.settings().items())})"


def _written(value: Any) -> str:
    """The value of an option as text; flags in their own order."""
    if isinstance(value, set | frozenset):
        flags = sorted(value, key=lambda flag: (FASTMATH + (flag,)).index(flag))
        return f"{{{', '.join(map(repr, flags))}}}"
    return repr(value)


OWN = ("fastmath", "error_model", "parallel", "nogil", "boundscheck", "inline")


def options_for(function: Any, options: Options) -> Options:
    """The options for a derivative of `function`: a Numba dispatcher is compiled, with its own options."""
    given = getattr(function, "targetoptions", None)
    if not hasattr(function, "py_func") or not isinstance(given, dict):
        return options
    own = tuple((key, given[key]) for key in OWN if given.get(key) is not None)
    return replace(
        options, jit=True, own=tuple(pair for pair in own if not (options.exact_sums and pair[0] == "fastmath"))
    )
