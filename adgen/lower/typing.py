"""Types of the expressions of finished programs, call by call: extents need not be known to tell dtypes and ranks."""

from __future__ import annotations

from typing import Any

import gast

from adgen.analyses.effects import dotted
from adgen.analyses.expression_types import ExpressionTypes
from adgen.analyses.stand_ins import NoType, Static
from adgen.analyses.types import result_type
from adgen.lower.trees import MISSING, static
from adgen.program.dims import Dim
from adgen.program.types import INT, Array, TupleOf, Type, int_type_of
from adgen.rules.registry import resolve

SHAPED = frozenset({"reshape", "broadcast_to", "sum_to", "sum_to_shape"})
ALIKE = frozenset({"np.cross", "np.linalg.cross"})  # of vectors with three elements, like a sum


class ProgramTypes(ExpressionTypes):
    """Nested calls are typed one at a time; what that leaves open is tried as a whole."""

    def infer(self, expr: gast.expr) -> Type:
        match expr:
            case gast.Attribute(value=array, attr="shape"):
                kind = self.infer(array)
                if isinstance(kind, Array):
                    return TupleOf(tuple(map(int_type_of, kind.shape)))
            case gast.Subscript(value=gast.Attribute(attr="shape"), slice=index):
                shape, k = self.infer(expr.value), static(index)
                if isinstance(shape, TupleOf) and isinstance(k, int) and -len(shape.items) <= k < len(shape.items):
                    return shape.items[k]
                if not isinstance(index, gast.Slice):
                    return INT
            case gast.Tuple(elts=elts):
                return TupleOf(tuple(map(self.infer, elts)))
            case gast.Call():
                return self.call(expr)
        return super().infer(expr)

    def call(self, node: gast.Call) -> Type:
        """The type of a call from the types of its arguments; the whole expression is tried if that fails."""
        path = dotted(node.func)
        function = self.names[path].value if path in self.names else resolve(path) if path else None
        try:
            if function is not None and not any(isinstance(a, gast.Starred) for a in node.args):
                args = [self.argument(a) for a in node.args]
                kwargs = {k.arg: self.argument(k.value) for k in node.keywords}
                self.count += 1
                return result_type(function, args, kwargs, self.sizes, f"%e{self.count}")
        except (NoType, AttributeError, TypeError):
            pass
        if path in ALIKE:
            return self.infer(gast.BinOp(node.args[0], gast.Add(), node.args[1]))
        return self.shaped(node) if path.rpartition(".")[2] in SHAPED else super().infer(node)

    def shaped(self, node: gast.Call) -> Type:
        """A function whose second argument is the shape of its result."""
        first, shape = (self.infer(a) for a in node.args[:2])
        if isinstance(first, Array) and isinstance(shape, TupleOf):
            dims = (getattr(item, "value", None) for item in shape.items)
            return Array(
                first.dtype, tuple(Dim.symbol(f"%s{self.count}[{k}]") if d is None else d for k, d in enumerate(dims))
            )
        return super().infer(node)

    def argument(self, node: gast.expr) -> Any:
        value = static(node)
        if value is not MISSING and not isinstance(node, gast.List):
            return Static(value)
        if isinstance(node, gast.Tuple):
            return tuple(self.argument(e) for e in node.elts)
        if isinstance(node, gast.List):
            return [self.argument(e) for e in node.elts]
        if isinstance(node, gast.Attribute | gast.Name) and dotted(node).partition(".")[0] in ("np", "float", "int"):
            return Static(resolve(dotted(node)))
        return self.infer(node)
