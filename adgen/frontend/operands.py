"""Lists and tuples where NumPy and SciPy take arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from adgen.frontend.definitions import Definitions
from adgen.frontend.values import Const, Handle, ListContents, Ref, TupleVal, Value
from adgen.program.types import Array, ListOf

# Functions whose first argument is a sequence of arrays.
SEQUENCE_FUNCTIONS = frozenset(
    f"np.{name}"
    for name in (
        "concatenate concat stack vstack row_stack hstack dstack column_stack block select choose linalg.multi_dot"
    ).split()
)


class Operands(Definitions):
    """What a function with a rule is handed instead of a list."""

    def residual_call(
        self, path: str, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value], hint: str | None
    ) -> Value:
        raise NotImplementedError

    def argument(self, value: Value) -> Value:
        raise NotImplementedError

    def operands(
        self, args: tuple[Value, ...], kwargs: dict[str, Value], callee: str
    ) -> tuple[tuple[Value, ...], dict[str, Value]]:
        plain = tuple(self.operand(self.argument(a), callee) for a in args)
        return plain, {k: self.operand(self.argument(v), callee) for k, v in kwargs.items()}

    def operand(self, value: Value, callee: str) -> Value:
        """Lists and tuples of floats are arrays to NumPy and SciPy; some functions take a sequence of arrays."""
        if not callee.startswith(("np.", "sp.")):
            return value
        if isinstance(value, Ref) and isinstance(value.type, ListOf) and callee not in SEQUENCE_FUNCTIONS:
            return self.residual_call("np.array", np.array, (value,), {}, None)
        items = self.listed(value)
        if items is None or not any(map(self.holds_floats, items)) or self.is_ragged(items):
            return value
        if callee not in SEQUENCE_FUNCTIONS:
            return self.numeric(value)
        arrays = tuple(self.operand(i, "np.array") for i in items)
        return TupleVal(arrays) if isinstance(value, TupleVal) else self.allocate(ListContents(arrays))

    def is_ragged(self, items: tuple[Value, ...]) -> bool:
        """Arrays of different ranks, or beside something else (``(factor, lower)``): no array for NumPy either."""
        types = [i.type if isinstance(i, Ref) else None for i in items]
        ranks = [t.rank if isinstance(t, Array) else 0 for t in types]
        known = all(isinstance(i, Ref | Const) for i in items)
        return known and len(set(ranks)) > 1

    def listed(self, value: Value) -> tuple[Value, ...] | None:
        if isinstance(value, TupleVal):
            return value.items
        contents = self.heap[value.key] if isinstance(value, Handle) else None
        return contents.items if isinstance(contents, ListContents) else None

    def holds_floats(self, value: Value) -> bool:
        items = self.listed(value)
        if items is not None:
            return any(map(self.holds_floats, items))
        if isinstance(value, Const):
            return isinstance(value.value, float | complex | np.inexact)
        return isinstance(value, Ref) and (isinstance(value.type, Array) or getattr(value.type, "kind", "") in "fc")
