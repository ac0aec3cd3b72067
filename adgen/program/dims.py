"""Symbolic array extents: integers that are affine in a few named sizes.

A symbol is the text of the Python expression that yields it when the function is entered
(``x.shape[0]``, ``n``) or, for a size known only later, of a variable of the program
(``picked.shape[0]``).  Equality of two `Dim` is equality of their normal forms, so
``u[2:]`` and ``u[1:-1]`` are seen to have the same length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dim:
    """``const + sum(coefficient * symbol)``; terms sorted by symbol, no zero coefficients.

    >>> n = Dim.symbol("x.shape[0]")
    >>> (n - 2) + 1 == n - 1
    True
    >>> print(2 * n - 1)
    2 * x.shape[0] - 1
    """

    const: int = 0
    terms: tuple[tuple[str, int], ...] = ()

    @staticmethod
    def symbol(text: str) -> Dim:
        return Dim(0, ((text, 1),))

    @staticmethod
    def of(value: int | Dim) -> Dim:
        return value if isinstance(value, Dim) else Dim(int(value))

    @property
    def is_const(self) -> bool:
        return not self.terms

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.terms)

    @property
    def is_one(self) -> bool:
        return not self.terms and self.const == 1

    def __add__(self, other: int | Dim) -> Dim:
        other = Dim.of(other)
        if not other.terms:
            return Dim(self.const + other.const, self.terms)
        total = dict(self.terms)
        for name, k in other.terms:
            total[name] = total.get(name, 0) + k
        return Dim(self.const + other.const, tuple(sorted((s, k) for s, k in total.items() if k)))

    __radd__ = __add__

    def __neg__(self) -> Dim:
        return self * -1

    def __sub__(self, other: int | Dim) -> Dim:
        return self + (-Dim.of(other))

    def __rsub__(self, other: int | Dim) -> Dim:
        return (-self) + other

    def __mul__(self, factor: int) -> Dim:
        if factor == 0:
            return Dim(0)
        return Dim(self.const * factor, tuple((s, k * factor) for s, k in self.terms))

    __rmul__ = __mul__

    def substitute(self, sizes: Mapping[str, Dim]) -> Dim:
        """Replace symbols by other extents (used when two sizes are found to be equal)."""
        total = Dim(self.const)
        for name, k in self.terms:
            total = total + sizes.get(name, Dim.symbol(name)) * k
        return total

    def evaluate(self, value_of: Callable[[str], int]) -> int:
        return self.const + sum(k * value_of(name) for name, k in self.terms)

    def __str__(self) -> str:
        parts: list[str] = []
        for name, k in self.terms:
            sign = "-" if k < 0 else "+"
            body = name if abs(k) == 1 else f"{abs(k)} * {name}"
            parts.append(f"{sign} {body}" if parts else (f"-{body}" if k < 0 else body))
        if self.const or not parts:
            if parts:
                parts.append(f"{'-' if self.const < 0 else '+'} {abs(self.const)}")
            else:
                parts.append(str(self.const))
        return " ".join(parts)
