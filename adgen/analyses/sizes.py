"""What is known, and assumed, about the extents of arrays.

Extents are affine in symbols (`adgen.program.dims`).  Where code depends on whether two extents are
equal, or one of them is 1, and the program does not say, the sizes observed in the call at hand decide;
the decision becomes a `Check`, which generated code makes at entry.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from adgen.program.dims import Dim
from adgen.program.function import Check
from adgen.program.types import Array, Type

Shape = tuple[Dim, ...]


class Sizes:
    """Extents seen in the call at hand (`observed`; empty when generating from a signature)."""

    def __init__(self, observed: dict[str, int] | None = None) -> None:
        self.observed = dict(observed or {})
        self.entry_symbols: set[str] = set(self.observed)
        self.checks: list[Check] = []
        self.certain = False  # whether what is looked at is carried out whenever the function is called
        self._equal: dict[str, Dim] = {}
        self._ranges: dict[str, tuple[int, int] | None] = {}  # of counters: the least and the largest value

    def reduce(self, dim: Dim) -> Dim:
        """Normal form of an extent under the equalities assumed so far."""
        seen = 0
        while any(s in self._equal for s in dim.symbols):
            dim = dim.substitute(self._equal)
            seen += 1
            assert seen < 1000, "cyclic size equalities"
        return dim

    def reduced_types(self, types: Mapping[str, Type]) -> dict[str, Type]:
        """Types in which extents that agree are the same.

        Those that are named after the variable itself stay: it may hold arrays of several extents.
        """

        def reduced(name: str, dim: Dim) -> Dim:
            own = any(s.startswith(f"{name}.shape[") and s not in self.entry_symbols for s in dim.symbols)
            return dim if own else self.reduce(dim)

        def known(name: str, type_: Type) -> Type:
            if not self._equal or not isinstance(type_, Array) or not any(d.terms for d in type_.shape):
                return type_
            return Array(type_.dtype, tuple(reduced(name, d) for d in type_.shape))

        return {name: known(name, type_) for name, type_ in types.items()}

    def value(self, dim: Dim) -> int | None:
        """The observed value of an extent, or None."""
        if all(s in self.observed for s in dim.symbols):
            return dim.evaluate(self.observed.__getitem__)
        return None

    def provably_equal(self, a: Dim, b: Dim) -> bool:
        return self.reduce(a) == self.reduce(b)

    def equal(self, a: Dim, b: Dim) -> bool | None:
        """Whether two extents agree; decided by observation (and recorded) if need be; None if unknowable."""
        a, b = self.reduce(a), self.reduce(b)
        if a == b:
            return True
        if a.is_const and b.is_const:
            return False
        known = all(s in self.entry_symbols for s in a.symbols + b.symbols)
        if not known:
            return None
        value_a, value_b = self.value(a), self.value(b)
        if value_a is None or value_b is None:  # generating from a signature: taken to agree, and checked
            if a.is_one or b.is_one:
                return False
            self._assume(a, b)
            return True
        if value_a == value_b:
            self._assume(a, b)
            return True
        for dim, value in ((a, value_a), (b, value_b)):
            if value == 1 and not dim.is_const:
                self._assume(dim, Dim(1))
        return False

    def agree(self, a: Dim, b: Dim) -> bool:
        """Whether extents that a loop hands on are the same each time; observed, or taken to be so and checked."""
        a, b = self.reduce(a), self.reduce(b)
        if a != b and self.is_told(a - b) and self.value(a - b) in (0, None):
            self._assume(a, b)
        return self.provably_equal(a, b)

    def in_order(self, *dims: Dim) -> bool:
        """Whether extents do not decrease; what is observed, or taken to hold, is checked."""
        dims = tuple(map(self.reduce, dims))
        pairs = [self._for_all_counts(a, b) for a, b in itertools.pairwise(dims)]
        pairs = [(a, b) for a, b in pairs if not self.is_extent(b - a)]
        if not all(self.is_told(b - a) and (self.value(b - a) or 0) >= 0 for a, b in pairs):
            return False
        self.checks += [Check(*balanced(a, b), "<=") for a, b in pairs]
        return True

    def note_range(self, counter: str, values: range | None) -> None:
        """What a counter counts, if that is known; several loops may share it."""
        known = self._ranges.get(counter, (values[0], values[-1]) if values else None)
        if not values or known is None:
            self._ranges[counter] = None
        else:
            self._ranges[counter] = (min(*known, values[0], values[-1]), max(*known, values[0], values[-1]))

    def _for_all_counts(self, a: Dim, b: Dim) -> tuple[Dim, Dim]:
        """Two extents that are in order only if the given ones are, whatever their counters are."""
        difference = b - a
        worst = {
            s: Dim(known[0] if k > 0 else known[1])
            for s, k in difference.terms
            if (known := self._ranges.get(s)) is not None
        }
        return (Dim(0), difference.substitute(worst)) if worst else (a, b)

    def is_told(self, dim: Dim) -> bool:
        """Whether the arguments tell a size; one that is not observed must be made of arrays' extents."""
        known = bool(dim.symbols) and all(s in self.entry_symbols for s in dim.symbols)
        return known and (self.value(dim) is not None or all(".shape[" in s for s in dim.symbols))

    def is_extent(self, dim: Dim) -> bool:
        """Whether a size can't be negative, as its form shows."""
        return dim.const >= 0 and all(k > 0 and ".shape[" in s for s, k in dim.terms)

    def needed(self) -> list[Check]:
        """The assumptions on the arguments, each once, but for those that follow from others."""
        checks = list(dict.fromkeys(self.checks))
        slack = {c: self.reduce(c.right) - self.reduce(c.left) for c in checks if c.relation == "<="}
        implied = {
            c for c in slack if any(self.is_extent(slack[c] - other) for o, other in slack.items() if slack[c] != other)
        } | {c for c in slack if self.is_extent(slack[c])}
        return [
            c
            for c in checks
            if c not in implied and all(s in self.entry_symbols for d in (c.left, c.right) for s in d.symbols)
        ]

    def is_one(self, dim: Dim) -> bool | None:
        """Whether an extent is 1: known, observed (a size seen as larger than 1 is not recorded) or None."""
        dim = self.reduce(dim)
        if dim.is_const:
            return dim.const == 1
        if not all(s in self.entry_symbols for s in dim.symbols):
            return None
        if self.value(dim) == 1:
            self._assume(dim, Dim(1))
            return True
        return False

    def imply(self, a: Dim, b: Dim) -> None:
        """Note an equality that the program itself enforces, if it gets there: NumPy raises an error otherwise."""
        a, b = self.reduce(a), self.reduce(b)
        if a != b and self.certain:
            self._note(a, b)
        elif a != b:
            self.equal(a, b)

    def _assume(self, a: Dim, b: Dim) -> None:
        self.checks.append(Check(*balanced(a, b)))
        self._note(a, b)

    def _note(self, a: Dim, b: Dim) -> None:
        difference = a - b
        if len(difference.terms) == 1 and difference.const % difference.terms[0][1] == 0:
            ((symbol, k),) = difference.terms
            self._equal[symbol] = Dim(-difference.const // k)
            return
        for symbol, k in sorted(difference.terms, key=lambda term: term[0], reverse=True):
            if abs(k) == 1:
                rest = Dim(difference.const, tuple(t for t in difference.terms if t[0] != symbol))
                self._equal[symbol] = rest * -k
                return

    def broadcast(self, shapes: Iterable[Shape], fresh: str) -> Shape:
        """Shape of an elementwise result; an extent that can't be decided is ``fresh.shape[k]``."""
        result: list[Dim] = []
        padded = list(shapes)
        rank = max((len(s) for s in padded), default=0)
        for axis in range(rank):
            dims = [s[axis - rank + len(s)] for s in padded if axis - rank + len(s) >= 0]
            result.append(self._broadcast_axis(dims, f"{fresh}.shape[{axis}]"))
        return tuple(result)

    def _broadcast_axis(self, dims: list[Dim], fresh: str) -> Dim:
        current = dims[0]
        for dim in dims[1:]:
            if dim.is_one:
                continue
            if current.is_one:
                current = dim
                continue
            match self.equal(current, dim):
                case False if self.is_one(current):
                    current = dim
                case None:
                    current = Dim.symbol(fresh)
        return self.reduce(current)

    def assume(self, dim: Dim, value: int) -> None:
        """Make an observed extent part of what the code is generated for."""
        dim = self.reduce(dim)
        if dim != Dim(value):
            self._assume(dim, Dim(value))


def balanced(a: Dim, b: Dim) -> tuple[Dim, Dim]:
    """Two sides of a comparison, all of whose terms are positive."""
    if all(k >= 0 for dim in (a, b) for k in (dim.const, *(k for _, k in dim.terms))):
        return a, b
    difference = a - b
    left = Dim(max(difference.const, 0), tuple((s, k) for s, k in difference.terms if k > 0))
    return left, left - difference
