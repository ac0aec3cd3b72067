"""Every switch of the compiler, its default, and one sentence about it."""

from __future__ import annotations

from dataclasses import dataclass

FASTMATH = ("reassoc", "contract", "nsz", "arcp")


@dataclass(frozen=True)
class Options:
    """How derivatives are generated and compiled.

    Attributes
    ----------
    jit
        Compile the derivative with Numba.
    exact_sums
        Keep the order of floating-point sums under Numba (no fastmath flags at all).
    """

    jit: bool = False
    exact_sums: bool = False

    def decorator(self) -> str | None:
        """The Numba decorator of generated code.

        >>> Options(jit=True, exact_sums=True).decorator()
        "@numba.njit(error_model='numpy')"
        """
        if not self.jit:
            return None
        flags = ", ".join(f"'{flag}'" for flag in FASTMATH)
        fast = "" if self.exact_sums else f", fastmath={{{flags}}}"
        return f"@numba.njit(error_model='numpy'{fast})"
