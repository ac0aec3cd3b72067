"""What is known of an expression's value from the types of names: number or array, dtype kind, extents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import gast
import numpy as np

from adgen.analyses.effects import dotted
from adgen.optimize.context import Facts
from adgen.program.dims import Dim
from adgen.program.types import Array, Scalar, TupleOf, Type

ORDER = "biufc"
FLOAT_FUNCTIONS = frozenset(
    "sin cos tan exp log sqrt tanh sinh cosh arctan arcsin arccos arctan2 expm1 log1p log2 log10 exp2 cbrt hypot "
    "asin acos atan atan2 erf erfc gamma lgamma pow fabs arcsinh arccosh arctanh logaddexp".split()
)
SAME_FUNCTIONS = frozenset(
    "abs absolute maximum minimum sign square conj conjugate negative where clip fmax fmin".split()
)
REDUCTIONS = frozenset("sum mean max min prod dot vdot trace det norm std var median ptp".split())
ALONG_AXES = frozenset("sum mean max min prod".split())
Shape = tuple[Dim | None, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """`shape` is () for numbers, a tuple of extents for arrays, None where not even the rank is known."""

    kind: str = "?"
    shape: tuple[Dim | None, ...] | None = None
    dtype: np.dtype | None = None
    weak: bool = False

    @property
    def is_number(self) -> bool:
        return self.shape == ()

    @property
    def is_float(self) -> bool:
        return self.kind in "fc"


UNKNOWN = Value()


class Kinds:
    """Values of expressions; anything not understood is UNKNOWN, which counts as an array."""

    def __init__(self, known: Facts) -> None:
        self._types = known.function.types
        self._cache: dict[int, tuple[gast.AST, Value]] = {}

    def of(self, node: gast.AST) -> Value:
        found = self._cache.get(id(node))
        if found is None or found[0] is not node:
            found = self._cache[id(node)] = (node, self._find(node))
        return found[1]

    def of_name(self, name: str) -> Value:
        return of_type(self._types.get(name))

    def _find(self, node: gast.AST) -> Value:
        match node:
            case gast.Constant(value=bool()):
                return Value("b", (), np.dtype(bool), weak=True)
            case gast.Constant(value=int()):
                return Value("i", (), np.dtype(np.int64), weak=True)
            case gast.Constant(value=float()):
                return Value("f", (), np.dtype(float), weak=True)
            case gast.Constant(value=complex()):
                return Value("c", (), np.dtype(complex), weak=True)
            case gast.Name(id=name):
                return of_type(self._types.get(name))
            case gast.UnaryOp(op=gast.USub() | gast.UAdd(), operand=operand):
                return self.of(operand)
            case gast.UnaryOp(op=gast.Not()):
                return Value("b", (), np.dtype(bool))
            case gast.BinOp(left=left, op=op, right=right):
                return self._binary(op, self.of(left), self.of(right))
            case gast.Compare(left=left, comparators=[right]):
                joined = broadcast(self.of(left), self.of(right))
                return Value("b", joined.shape, np.dtype(bool))
            case gast.Attribute(value=value, attr=attr):
                return self._attribute(self.of(value), attr)
            case gast.Subscript(value=value, slice=index):
                return self._subscript(value, index)
            case gast.Call():
                return self._call(node)
            case gast.IfExp(body=body, orelse=orelse):
                one, other = self.of(body), self.of(orelse)
                return one if one == other else UNKNOWN
        return UNKNOWN

    def _binary(self, op: gast.operator, left: Value, right: Value) -> Value:
        if isinstance(op, gast.MatMult):
            return _matmul(left, right)
        joined = broadcast(left, right)
        if isinstance(op, gast.Div) and joined.kind in "biu":
            return Value("f", joined.shape, None)
        if isinstance(op, gast.Pow) and joined.kind in "iu":
            return Value("?", joined.shape, None)
        return joined

    def _attribute(self, base: Value, attr: str) -> Value:
        if attr in {"size", "ndim"}:
            return Value("i", (), np.dtype(np.int64), weak=True)
        if attr == "T" and base.shape is not None:
            return Value(base.kind, base.shape[::-1], base.dtype)
        return UNKNOWN

    def _subscript(self, value: gast.AST, index: gast.AST) -> Value:
        if isinstance(value, gast.Attribute) and value.attr == "shape":
            return Value("i", (), np.dtype(np.int64), weak=True)
        if isinstance(value, gast.Name) and isinstance(type_ := self._types.get(value.id), TupleOf):
            return self._tuple_item(type_, index)
        base = self.of(value)
        if base.shape is None:
            return UNKNOWN
        items = index.elts if isinstance(index, gast.Tuple) else [index]
        if len(items) == 1 and (picked := self.of(items[0])).kind in "iu" and picked.shape and base.shape:
            return Value(base.kind, (*picked.shape, *base.shape[1:]), base.dtype)
        shape: list[Dim | None] = []
        axis = 0
        for item in items:
            if isinstance(item, gast.Constant) and item.value is None:
                shape.append(Dim(1))
                continue
            if isinstance(item, gast.Slice):
                full = item.lower is None and item.upper is None and item.step is None
                shape.append(base.shape[axis] if full and axis < len(base.shape) else None)
            elif not (self.of(item).is_number and self.of(item).kind in "iu"):
                return Value(base.kind, None, base.dtype)
            axis += 1
        if axis > len(base.shape):
            return UNKNOWN
        return Value(base.kind, (*shape, *base.shape[axis:]), base.dtype)

    def _tuple_item(self, type_: TupleOf, index: gast.AST) -> Value:
        if isinstance(index, gast.Constant) and isinstance(index.value, int):
            if -len(type_.items) <= index.value < len(type_.items):
                return of_type(type_.items[index.value])
        return UNKNOWN

    def _call(self, node: gast.Call) -> Value:
        path = dotted(node.func)
        root, _, last = path.rpartition(".")
        if path in {"float", "len", "int"}:
            kind = "f" if path == "float" else "i"
            return Value(kind, (), np.dtype(float if kind == "f" else np.int64), weak=True)
        if root == "math":
            return Value("f", (), np.dtype(float), weak=True)
        if path in {"np.zeros_like", "np.ones_like", "np.empty_like"} and len(node.args) == 1 and not node.keywords:
            base = self.of(node.args[0])
            return Value(base.kind, base.shape, base.dtype) if base.shape else UNKNOWN
        plain = [a for a in node.args if not isinstance(a, gast.Starred)]
        if root == "np" and last in FLOAT_FUNCTIONS | SAME_FUNCTIONS and plain and not node.keywords:
            joined = self.of(plain[-1] if last == "where" else plain[0])
            for argument in plain[1:]:
                joined = broadcast(joined, self.of(argument))
            if last == "where":
                joined = replace(joined, shape=broadcast(self.of(plain[0]), joined).shape)
            if last in FLOAT_FUNCTIONS and joined.kind in "biu":
                return Value("f", joined.shape, None)
            return Value(joined.kind if joined.kind != "?" else "f" * (last in FLOAT_FUNCTIONS) or "?",
                         joined.shape, joined.dtype)  # fmt: skip
        if last == "copy" and isinstance(node.func, gast.Attribute):
            return self.of(node.func.value)
        if path == "log_share" and len(node.args) == 2:  # of adgen.runtime
            return broadcast(self.of(node.args[0]), self.of(node.args[1]))
        if path in {"sum_to", "shares"} and len(node.args) > 1:
            base = self.of(node.args[path == "shares"])
            return Value(base.kind, base.shape if path == "shares" else None, base.dtype)
        if path in {"np.vdot", "np.outer", "np.linalg.inv", "np.linalg.solve"} and not node.keywords:
            return self._of_matrices(last, *map(self.of, node.args))
        if root == "np" and last in {"expand_dims", "squeeze", "reshape", "transpose", "einsum"} and node.args:
            return self._reshaped(node, last)
        return self._reduction(node, root, last)

    def _of_matrices(self, last: str, one: Value, other: Value | None = None) -> Value:
        if other is None:
            return one if one.is_float else UNKNOWN
        joined = broadcast(replace(one, shape=()), replace(other, shape=()))
        if last == "vdot":
            return joined
        if last == "solve":
            return replace(joined, shape=other.shape) if joined.is_float else UNKNOWN
        if one.shape is None or other.shape is None or not len(one.shape) == len(other.shape) == 1:
            return replace(joined, shape=None)
        return replace(joined, shape=(*one.shape, *other.shape))

    def _reshaped(self, node: gast.Call, last: str) -> Value:
        """What keeps its elements, or sums of products of them, and has other axes."""
        if last == "einsum":
            kinds = [self.of(a) for a in node.args[1:]]
            known = all(k.is_float for k in kinds) and not node.keywords
            return Value(max((k.kind for k in kinds), key=ORDER.find), None, None) if known else UNKNOWN
        base = self.of(node.args[0])
        if last == "reshape" and len(node.args) == 2 and isinstance(node.args[1], gast.Tuple):
            return Value(base.kind, (None,) * len(node.args[1].elts), base.dtype)
        if last in {"reshape", "transpose"} or len(node.args) != 2:
            return Value(base.kind, None, base.dtype)
        axes = literal_axes(node.args[1])
        if axes is None or base.shape is None or min(axes) < 0:
            return Value(base.kind, None, base.dtype)
        if last == "squeeze":
            return Value(base.kind, tuple(d for k, d in enumerate(base.shape) if k not in axes), base.dtype)
        dims = iter(base.shape)
        rank = len(base.shape) + len(axes)
        return Value(base.kind, tuple(Dim(1) if k in axes else next(dims, None) for k in range(rank)), base.dtype)

    def _reduction(self, node: gast.Call, root: str, last: str) -> Value:
        if not isinstance(node.func, gast.Attribute) or last not in REDUCTIONS or last in {"dot", "vdot"}:
            return UNKNOWN
        args = node.args if root in {"np", "np.linalg"} else [node.func.value]
        if len(args) != 1 or (root not in {"np", "np.linalg"} and node.args):
            return UNKNOWN
        base = self.of(args[0])
        kind = base.kind if base.kind in "fc" else "?"
        if node.keywords:
            return Value(kind, _remaining(base.shape, node.keywords), base.dtype) if last in ALONG_AXES else UNKNOWN
        return Value(kind, () if base.shape is not None and last not in {"trace", "det"} else None, base.dtype)


def literal_axes(node: gast.AST) -> tuple[int, ...] | None:
    """Axes that are written as a number or a tuple of numbers."""
    items = node.elts if isinstance(node, gast.Tuple) else [node]
    signed = [(-1, i.operand) if isinstance(i, gast.UnaryOp) and isinstance(i.op, gast.USub) else (1, i) for i in items]
    numbers = [sign * i.value for sign, i in signed if isinstance(i, gast.Constant) and type(i.value) is int]
    return tuple(numbers) if len(numbers) == len(items) and numbers else None


def _remaining(shape: Shape | None, keywords: Sequence[gast.keyword]) -> Shape | None:
    """The extents of a reduction with ``axis=`` and ``keepdims=``."""
    given = {k.arg: k.value for k in keywords}
    axes = literal_axes(given.pop("axis", gast.Tuple([], gast.Load())))
    keeps = given.pop("keepdims", None)
    if given or axes is None or shape is None or not (keeps is None or isinstance(keeps, gast.Constant)):
        return None
    gone = {a % len(shape) for a in axes if shape}
    if keeps is not None and keeps.value:
        return tuple(Dim(1) if k in gone else d for k, d in enumerate(shape))
    return tuple(d for k, d in enumerate(shape) if k not in gone)


def _matmul(left: Value, right: Value) -> Value:
    joined = broadcast(Value(left.kind, (), left.dtype), Value(right.kind, (), right.dtype))
    if not left.shape or not right.shape or len(right.shape) > 2:
        return Value(joined.kind, None, joined.dtype)
    shape = left.shape[:-1] + (right.shape[1:] if len(right.shape) == 2 else ())
    return Value(joined.kind, shape, joined.dtype)


def of_type(type_: Type | None) -> Value:
    match type_:
        case Scalar(dtype, weak):
            return Value(dtype.kind, (), dtype, weak)
        case Array(dtype, shape):
            return Value(dtype.kind, shape, dtype)
    return UNKNOWN


@lru_cache(maxsize=256)
def _result_type(*dtypes: np.dtype) -> np.dtype:
    return np.result_type(*dtypes)


def broadcast(left: Value, right: Value) -> Value:
    """The value of an elementwise operation; unknown extents stay unknown."""
    kind = "?" if "?" in (left.kind, right.kind) else max(left.kind, right.kind, key=ORDER.find)
    dtype, weak = None, left.weak and right.weak
    if left.dtype is not None and right.dtype is not None:
        strong = [v.dtype for v in (left, right) if not v.weak] or [left.dtype, right.dtype]
        dtype = _result_type(*strong)
        if ORDER.find(dtype.kind) < ORDER.find(kind):
            dtype = _result_type(left.dtype, right.dtype)
    if left.shape is None or right.shape is None:
        return Value(kind, None, dtype)
    longer, shorter = sorted((left.shape, right.shape), key=len, reverse=True)
    padded = (Dim(1),) * (len(longer) - len(shorter)) + tuple(shorter)
    return Value(kind, tuple(map(_extent, longer, padded)), dtype, weak)


def _extent(one: Dim | None, other: Dim | None) -> Dim | None:
    if one == other:
        return one
    if one is not None and one.is_one:
        return other
    if other is not None and other.is_one:
        return one
    return None


def same_shape(one: Value, other: Value) -> bool:
    """Whether both surely have the same extents."""
    return one.shape is not None and one.shape == other.shape and None not in one.shape
