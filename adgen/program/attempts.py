"""The one operation that may raise: a branch whose test is whether it did."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gast

from adgen.errors import BackendRefused
from adgen.program.spans import span_of
from adgen.program.syntax import nodes_in


class Attempt(gast.If):
    """``try: t = op; raised = False`` with ``except E: raised = True; t = <anything of its type>``.

    It is an ``if``: `body` runs if the operation succeeds, `orelse` if it raises, and `test` is the class (or the
    tuple of classes) that is caught.  `body` is one definition, or another attempt, followed by the flag; `orelse`
    starts with the flag, which tells everybody later which way was taken.  Nothing moves into `body` or out of it.
    """

    _fields = gast.If._fields
    _attributes = ("lineno", "col_offset", "end_lineno", "end_col_offset")

    @property
    def flag(self) -> str:
        first: Any = self.orelse[0]
        return first.targets[0].id


COMPILED = "np.linalg.LinAlgError"  # what Numba raises as NumPy does


def catch_any(body: Iterable[gast.stmt]) -> None:
    """``except Exception``, which is all that Numba knows, where nothing else can be raised; in place."""
    for statement in body:
        for node in nodes_in(statement):
            if not isinstance(node, Attempt):
                continue
            caught = gast.unparse(node.test).strip()
            if caught not in (COMPILED, "Exception"):
                raise BackendRefused(
                    "numba-except",
                    f"{caught} is caught",
                    span_of(node),
                    reason="Numba's operations do not raise it as Python's do.",
                    remedy="jit=False, or an if that tests the condition before",
                )
            node.test = gast.Name("Exception", gast.Load(), None, None)
