"""``np.add.at(a, i, v)`` in the normal form: an augmented store whose repeated indices all count.

The operators are those of ``a[i] += v`` and ``a[i] -= v`` and so are the adjoint and the tangent; only the
spelling as Python differs.
"""

from __future__ import annotations

import gast


class AddAt(gast.Add):
    """The operator of ``np.add.at``."""


class SubAt(gast.Sub):
    """The operator of ``np.subtract.at``."""


SPELLING = {AddAt: "add", SubAt: "subtract"}


def is_accumulation(statement: gast.AST) -> bool:
    return isinstance(statement, gast.AugAssign) and type(statement.op) in SPELLING


def spelled(statement: gast.AugAssign) -> gast.Expr:
    """An accumulating store as a call."""
    ufunc = gast.Attribute(gast.Name("np", gast.Load(), None, None), SPELLING[type(statement.op)], gast.Load())
    place = statement.target
    call = gast.Call(
        gast.Attribute(ufunc, "at", gast.Load()), [place.value, as_argument(place.slice), statement.value], []
    )
    new = gast.Expr(call)
    new.__dict__.update({k: v for k, v in vars(statement).items() if k not in statement._fields})
    return new


class _Speller(gast.NodeTransformer):
    def visit_AugAssign(self, node: gast.AugAssign) -> gast.stmt:
        return spelled(node) if is_accumulation(node) else node


def spell_accumulations(body: list[gast.stmt]) -> list[gast.stmt]:
    """Statements in which accumulating stores are calls, as the optimiser and readers expect them."""
    return [_Speller().visit(statement) for statement in body]


def as_argument(index: gast.expr) -> gast.expr:
    """An index as an argument of a call: slices are spelt ``slice(a, b)``."""
    if isinstance(index, gast.Tuple):
        return gast.Tuple([as_argument(i) for i in index.elts], gast.Load())
    if isinstance(index, gast.Slice):
        parts = [part or gast.Constant(None, None) for part in (index.lower, index.upper, index.step)]
        callee = gast.Name("slice", gast.Load(), None, None)
        return gast.Call(callee, parts[:2] if index.step is None else parts, [])
    return index
