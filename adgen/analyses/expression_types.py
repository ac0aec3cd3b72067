"""Types of nested expressions, for derivative code that is being written."""

from __future__ import annotations

import ast
import cmath
import math
from collections.abc import Mapping, MutableMapping
from typing import Any

import gast
import numpy as np

from adgen.analyses.indexing import Mask, Picks, Slice, indexed_type
from adgen.analyses.sizes import Sizes
from adgen.analyses.stand_ins import NoType, Static
from adgen.analyses.types import OF_EIGENVALUES, OPERATOR_FUNCTIONS, complexified, is_elementwise, result_type
from adgen.program.dims import Dim
from adgen.program.syntax import clone, nodes_in
from adgen.program.types import BOOL, INT, Array, ListOf, Scalar, Type, int_type_of, of_items, type_of_number


class ExpressionTypes:
    """Infers by structure where expressions are elementwise, else by evaluating on stand-ins."""

    def __init__(self, types: Mapping[str, Type], sizes: Sizes, names: MutableMapping[str, Any]) -> None:
        self.types, self.sizes, self.names = types, sizes, names
        self.count = 0

    def __call__(self, expr: gast.expr) -> Type | None:
        try:
            return self.infer(expr)
        except NoType:
            return None

    def infer(self, expr: gast.expr) -> Type:
        match expr:
            case gast.Name(id=name):
                if name not in self.types:
                    raise NoType(name)
                return self.types[name]
            case gast.Constant(value=bool() | int() | float() | complex()):
                return type_of_number(expr.value)
            case gast.BinOp(left=left, op=op, right=right):
                return self.apply(OPERATOR_FUNCTIONS[type(op).__name__], left, right)
            case gast.UnaryOp(op=gast.Not()):
                return BOOL
            case gast.UnaryOp(op=op, operand=operand):
                return self.apply(OPERATOR_FUNCTIONS[type(op).__name__], operand)
            case gast.Compare(left=left, ops=[op], comparators=[right]) if type(op).__name__ in OPERATOR_FUNCTIONS:
                return self.apply(OPERATOR_FUNCTIONS[type(op).__name__], left, right)
            case gast.Attribute(value=value, attr="T"):
                inner = self.infer(value)
                return Array(inner.dtype, inner.shape[::-1]) if isinstance(inner, Array) else inner
            case gast.Call(func=gast.Attribute(value=gast.Name(id="np"), attr=attr), args=args, keywords=[]):
                function = getattr(np, attr, None)
                if function is not None and is_elementwise(function) and len(args) == function.nin:
                    return self.apply(function, *args)
                if function is np.where and len(args) == 3:
                    return self.apply(function, *args)
            case gast.Call(func=gast.Attribute(value=gast.Name(id="math"), attr=attr), args=args, keywords=[]):
                return self.apply(getattr(math, attr), *args)
            case gast.Subscript(value=value, slice=index):
                base = self.infer(value)
                if isinstance(base, Array):
                    return self.indexed(base, index)
                if isinstance(base, ListOf) and base.item is not None and not isinstance(index, gast.Slice):
                    return self.item_of(base.item)
            case gast.Attribute(value=value, attr="size" | "ndim"):
                inner = self(value) if expr.attr == "size" else None
                return int_type_of(inner.shape[0]) if isinstance(inner, Array) and inner.rank == 1 else INT
            case gast.Call(func=gast.Attribute(value=value, attr="copy"), args=[]) if not is_module(value):
                return self.infer(value)
            case gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="pop"), args=[]):
                kind = self.types.get(name)
                if isinstance(kind, ListOf) and kind.item is not None:
                    return self.item_of(kind.item)
            case gast.Call(func=gast.Name(id=name)) if (
                id(getattr(self.names.get(name), "value", None)) in OF_EIGENVALUES
            ):
                return complexified(self.trial(expr))
            case gast.IfExp(body=body):
                return self.infer(body)
        return self.trial(expr)

    def item_of(self, type_: Type) -> Type:
        self.count += 1
        return of_items(type_, f"%e{self.count}")

    def indexed(self, base: Array, index: gast.expr) -> Type:
        items = index.elts if isinstance(index, gast.Tuple) else [index]
        self.count += 1
        type_ = indexed_type(base, [self.item(i) for i in items], self.sizes, f"%e{self.count}")
        if type_ is None:
            raise NoType("too many indices")
        return type_

    def item(self, node: gast.expr) -> Any:
        """One item of an index, as `analyses.indexing` wants it."""
        match node:
            case gast.Constant(value=None):
                return "new"
            case gast.Constant(value=value) if value is ...:
                return "ellipsis"
            case gast.Slice(lower=lower, upper=upper, step=step):
                return Slice(self.extent(lower), self.extent(upper), self.extent(step))
        kind = self.infer(node)
        if isinstance(kind, Array):
            if kind.dtype.kind == "b":
                return Mask(kind.rank, node.id if isinstance(node, gast.Name) else f"%m{self.count}")
            return Picks(kind.shape)
        return "int"

    def extent(self, node: gast.expr | None) -> Dim | None:
        """The value of a slice's bound, as an extent."""
        if node is None or (isinstance(node, gast.Constant) and node.value is None):
            return None
        kind = self.infer(node)
        value = getattr(kind, "value", None)
        self.count += 1
        return value if value is not None else Dim.symbol(f"%b{self.count}")

    def apply(self, function: Any, *operands: gast.expr) -> Type:
        args = [Static(e.value) if isinstance(e, gast.Constant) else self.infer(e) for e in operands]
        self.count += 1
        return result_type(function, args, {}, self.sizes, f"%e{self.count}")

    def trial(self, expr: gast.expr) -> Type:
        names = sorted({n.id for n in nodes_in(expr) if isinstance(n, gast.Name) and n.id in self.types})
        tree = gast.gast_to_ast(gast.Expression(clone(expr)))
        code = compile(ast.fix_missing_locations(tree), "<type>", "eval")
        spaces = {"np": np, "math": math, "cmath": cmath, **{k: getattr(v, "value", v) for k, v in self.names.items()}}
        if "sp" in {n.id for n in nodes_in(expr) if isinstance(n, gast.Name)}:
            import scipy
            import scipy.linalg
            import scipy.special

            spaces["sp"] = scipy

        def evaluate(*values: Any) -> Any:
            return eval(code, {**spaces, **dict(zip(names, values, strict=True))})  # noqa: S307  (our own code)

        self.count += 1
        return result_type(evaluate, [self.types[n] for n in names], {}, self.sizes, f"%e{self.count}")


def is_module(node: gast.expr) -> bool:
    return isinstance(node, gast.Name) and node.id in ("np", "math", "sp", "copy")


def shape_of(type_: Type | None) -> tuple[Any, ...]:
    return type_.shape if isinstance(type_, Scalar | Array) else ()
