"""Arrays as fields: what stands at an index, for expressions whose elements can be computed one by one."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gast
import numpy as np

from adgen.analyses.effects import dotted
from adgen.analyses.stand_ins import NoType
from adgen.lower.trees import MISSING, build, constant, name, static
from adgen.lower.typing import ProgramTypes
from adgen.program.dims import Dim
from adgen.program.types import Array, Scalar, Type

Index = tuple[gast.expr, ...]
At = Callable[[Index], gast.expr]


class NotAField(Exception):
    """The elements of an expression can't be computed one by one."""


@dataclass(frozen=True)
class Field:
    """An array-valued (or, without axes, a scalar) expression by its elements.

    `extents` are the sizes as expressions; `place` tells that the elements are those of a named array.
    """

    dtype: np.dtype
    weak: bool
    shape: tuple[Dim, ...]
    extents: tuple[gast.expr, ...]
    at: At
    place: bool = False

    @property
    def rank(self) -> int:
        return len(self.shape)

    @property
    def example(self) -> Any:
        """A number of its type, as NumPy promotes it."""
        one = self.dtype.type(1)
        return one.item() if self.weak else one


# Functions of NumPy that Numba computes of numbers as NumPy does of elements.
ELEMENTWISE = frozenset(
    """add subtract multiply divide true_divide power negative positive absolute abs fabs sign exp exp2 expm1 log
    log2 log10 log1p sqrt square cbrt reciprocal sin cos tan arcsin arccos arctan asin acos atan arctan2 atan2 hypot
    sinh cosh tanh arcsinh arccosh arctanh asinh acosh atanh degrees radians deg2rad rad2deg floor ceil trunc rint
    maximum minimum fmax fmin copysign isnan isinf isfinite signbit logaddexp greater greater_equal less less_equal
    equal not_equal logical_and logical_or logical_not pow where""".split()
)
OPERATORS = {
    gast.Add: np.add, gast.Sub: np.subtract, gast.Mult: np.multiply, gast.Div: np.true_divide, gast.Pow: np.power,
    gast.USub: np.negative, gast.UAdd: np.positive, gast.Eq: np.equal, gast.NotEq: np.not_equal, gast.Lt: np.less,
    gast.LtE: np.less_equal, gast.Gt: np.greater, gast.GtE: np.greater_equal,
}  # fmt: skip
LOGIC = {gast.BitAnd: np.bitwise_and, gast.BitOr: np.bitwise_or, gast.BitXor: np.bitwise_xor}
TAKEN = (np.dtype(np.float64), np.dtype(np.int64), np.dtype(np.bool_), np.dtype(np.complex128))
FILLS = {"np.zeros": 0, "np.ones": 1, "np.zeros_like": 0, "np.ones_like": 1, "np.full": None, "np.full_like": None}


@functools.cache
def _result(function: Any, *types: tuple[np.dtype, bool]) -> tuple[np.dtype, bool]:
    """The dtype of an elementwise function, and whether it is that of a Python number."""
    args = [d.type(1).item() if weak else np.ones(1, d) for d, weak in types]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return np.asarray(function(*args)).dtype, all(weak for _, weak in types)
        except TypeError as error:
            raise NotAField(str(error)) from None


class Fields:
    """Fields of the expressions of one program."""

    def __init__(self, infer: ProgramTypes) -> None:
        self.infer, self.types, self.sizes = infer, infer.types, infer.sizes
        self.views: dict[str, Field] = {}
        self.entry: frozenset[str] = frozenset()  # parameters whose sizes stay what they are

    def of(self, node: gast.expr) -> Field:
        """The field of an expression.

        Raises
        ------
        NotAField
            If its elements can't be computed one by one.
        """
        match node:
            case gast.Constant(value=bool() | int() | float() | complex() as value):
                return self.number(node, np.asarray(value).dtype, weak=True)
            case gast.Name(id=own):
                return self.named(own)
            case gast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS or type(op) in LOGIC:
                return self.operation(node, op, [left, right], lambda a, b: gast.BinOp(a, op, b))
            case gast.UnaryOp(op=gast.Invert() as op, operand=operand):
                inner = self.of(operand)
                if inner.dtype.kind != "b" or not inner.rank:
                    raise NotAField("bits")
                return self.elementwise(np.logical_not, [inner], lambda a: gast.UnaryOp(gast.Not(), a))
            case gast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
                return self.operation(node, op, [operand], lambda a: gast.UnaryOp(op, a))
            case gast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
                return self.operation(node, op, [left, right], lambda a, b: gast.Compare(a, [op], [b]))
            case gast.Subscript(value=value, slice=index):
                return self.subscript(node, value, index)
            case gast.Attribute(value=value, attr="T"):
                return self.transposed(self.of(value), None)
            case gast.Call():
                return self.call(node)
        return self.scalar(node)

    def kind(self, node: gast.expr) -> Type | None:
        """The type of an expression, if it can be told."""
        try:
            return self.infer.infer(node)
        except (NoType, AttributeError, KeyError, TypeError, ValueError, IndexError):
            return None

    def is_array(self, node: gast.expr) -> bool:
        """Whether it is an array whose elements can be computed one by one."""
        try:
            return bool(self.of(node).rank)
        except NotAField:
            return False

    def scalar(self, node: gast.expr) -> Field:
        """A number, however it is computed."""
        kind = self.kind(node)
        if not isinstance(kind, Scalar):
            raise NotAField("no number")
        return self.number(node, kind.dtype, kind.weak)

    def number(self, node: gast.expr, dtype: np.dtype, weak: bool) -> Field:
        if dtype not in TAKEN:
            raise NotAField(f"{dtype}")
        return Field(dtype, weak, (), (), lambda _: node)

    def named(self, own: str) -> Field:
        if own in self.views:
            return self.views[own]
        kind = self.types.get(own)
        if isinstance(kind, Scalar):
            return self.number(name(own), kind.dtype, kind.weak)
        if not isinstance(kind, Array) or not kind.rank or kind.dtype not in TAKEN:
            raise NotAField(own)
        return self.array(own, kind)

    def array(self, own: str, kind: Array) -> Field:
        """The field of a named array; sizes known from the parameters are told from those."""
        field = array_field(own, kind, tuple(self.sizes.reduce(d) for d in kind.shape))
        return replace(field, extents=tuple(map(self.extent, field.shape, field.extents)))

    def extent(self, dim: Dim, otherwise: gast.expr) -> gast.expr:
        if dim.is_const:
            return constant(max(dim.const, 0))
        return build(str(dim)) if all(s.partition(".")[0] in self.entry for s in dim.symbols) else otherwise

    # ---- elementwise operations

    def operation(self, node: gast.expr, op: Any, parts: Sequence[gast.expr], make: Callable[..., gast.expr]) -> Field:
        inner = [self.of(p) for p in parts]
        if not any(f.rank for f in inner):
            return self.scalar(node)
        if type(op) in LOGIC and any(f.dtype.kind != "b" for f in inner):
            raise NotAField("bits")
        if isinstance(op, gast.Pow) and all(f.dtype.kind in "biu" for f in inner):
            raise NotAField("powers of integers")
        arithmetic = not isinstance(op, gast.cmpop) and type(op) not in LOGIC
        if arithmetic and not isinstance(op, gast.Div) and all(f.dtype.kind == "b" for f in inner):
            raise NotAField("arithmetic of truth values")
        if isinstance(op, gast.cmpop) and any(f.dtype.kind == "c" for f in inner):
            raise NotAField("order of complex numbers")
        return self.elementwise(OPERATORS.get(type(op)) or LOGIC[type(op)], inner, make)

    def elementwise(self, function: Any, inner: Sequence[Field], make: Callable[..., gast.expr]) -> Field:
        dtype, weak = _result(function, *[(f.dtype, f.weak) for f in inner])
        if dtype not in TAKEN:
            raise NotAField(f"{dtype}")
        shape, extents = self.joined(inner)
        rank = len(shape)

        def at(index: Index) -> gast.expr:
            return make(*[f.at(aligned(f, index[rank - f.rank :])) for f in inner])

        return Field(dtype, weak, shape, extents, at)

    def joined(self, inner: Sequence[Field]) -> tuple[tuple[Dim, ...], tuple[gast.expr, ...]]:
        """The shape of an elementwise result; every extent must be told to fit when the code is written."""
        rank = max(f.rank for f in inner)
        shape: list[Dim] = []
        extents: list[gast.expr] = []
        for axis in range(-rank, 0):
            found = [(f.shape[axis], f.extents[axis]) for f in inner if f.rank >= -axis]
            dim, extent = next(((d, e) for d, e in found if not d.is_one), found[0])
            if not all(d.is_one or self.sizes.provably_equal(d, dim) for d, _ in found):
                raise NotAField("extents that may differ")
            shape.append(dim)
            extents.append(extent)
        return tuple(shape), tuple(extents)

    # ---- calls

    def call(self, node: gast.Call) -> Field:
        path = dotted(node.func)
        if isinstance(node.func, gast.Attribute) and node.func.attr == "copy" and not node.args and not node.keywords:
            inner = self.of(node.func.value)
            return _copied(inner)
        own = path.partition("np.")[2] if path.startswith("np.") else ""
        if node.keywords or any(isinstance(a, gast.Starred) for a in node.args):
            return self.scalar(node)
        match own, node.args:
            case "where", [test, a, b]:
                parts = [self.of(test), self.of(a), self.of(b)]
                if not any(f.rank for f in parts):
                    return self.scalar(node)
                if parts[0].dtype.kind != "b":
                    raise NotAField("numbers as truth values")
                return self.elementwise(np.where, parts, lambda c, x, y: build("x if c else y", c=c, x=x, y=y))
            case "outer", [a, b]:
                one, two = self.of(a), self.of(b)
                if one.rank == two.rank == 1:
                    return self.elementwise(np.multiply, [_column(one), two], lambda x, y: build("x * y", x=x, y=y))
            case "copy", [a]:
                return _copied(self.of(a))
            case "transpose", [a]:
                return self.transposed(self.of(a), None)
            case "expand_dims", [a, k] if isinstance(static(k), int):
                return self.expanded(self.of(a), static(k))
            case _, args if path in FILLS:
                return self.filled(node, path, args)
            case _ if own in ELEMENTWISE and own != "where":
                return self.function(node, own)
        return self.scalar(node)

    def function(self, node: gast.Call, own: str) -> Field:
        function = getattr(np, own)
        inner = [self.of(a) for a in node.args]
        if not any(f.rank for f in inner):
            return self.scalar(node)
        if len(inner) != getattr(function, "nin", -1) or any(f.dtype.kind == "c" for f in inner):
            raise NotAField(own)
        if own in ("power", "pow", "reciprocal", "abs", "absolute") and all(f.dtype.kind in "biu" for f in inner):
            raise NotAField("functions of integers")
        return self.elementwise(function, inner, lambda *args: gast.Call(node.func, list(args), []))

    def filled(self, node: gast.Call, path: str, args: Sequence[gast.expr]) -> Field:
        kind = self.kind(node)
        if not isinstance(kind, Array) or not kind.rank or kind.dtype not in TAKEN:
            raise NotAField(path)
        like, value = path.endswith("_like"), FILLS[path]
        if len(args) != (1 if value is not None else 2):
            raise NotAField(path)
        dims = tuple(self.sizes.reduce(d) for d in kind.shape)
        if like:
            extents = self.of(args[0]).extents
        elif isinstance(args[0], gast.Tuple):
            extents = tuple(args[0].elts)
        elif kind.rank == 1:
            extents = (args[0],)
        else:
            raise NotAField(path)
        content = gast.Constant(kind.dtype.type(value).item(), None) if value is not None else args[1]
        if value is None:
            inner = self.of(content)
            if inner.rank or inner.dtype != kind.dtype:
                raise NotAField("another dtype")
        return Field(kind.dtype, False, dims, extents, lambda _: content)

    def transposed(self, inner: Field, _: None) -> Field:
        return Field(
            inner.dtype, inner.weak, inner.shape[::-1], inner.extents[::-1], lambda i: inner.at(i[::-1]), inner.place
        )

    def expanded(self, inner: Field, k: int) -> Field:
        k = k + inner.rank + 1 if k < 0 else k
        shape = (*inner.shape[:k], Dim(1), *inner.shape[k:])
        extents = (*inner.extents[:k], constant(1), *inner.extents[k:])
        return Field(inner.dtype, inner.weak, shape, extents, lambda i: inner.at((*i[:k], *i[k + 1 :])), inner.place)

    # ---- subscripts

    def subscript(self, node: gast.Subscript, value: gast.expr, index: gast.expr) -> Field:
        kind = self.kind(node)
        if isinstance(kind, Scalar):
            return self.number(node, kind.dtype, kind.weak)
        inner = self.of(value)
        if not isinstance(kind, Array) or not inner.rank:
            raise NotAField("not an array")
        return self.viewed(inner, list(index.elts) if isinstance(index, gast.Tuple) else [index])

    def viewed(self, inner: Field, items: list[gast.expr]) -> Field:
        """The view ``inner[items]``: each of its axes is an axis of `inner` from some start on, or new."""
        used = sum(1 for i in items if not (isinstance(i, gast.Constant) and (i.value is None or i.value is ...)))
        spread = [k for k, i in enumerate(items) if isinstance(i, gast.Constant) and i.value is ...]
        whole = [gast.Slice(None, None, None)] * (inner.rank - used)
        items = [*items[: spread[0]], *whole, *items[spread[0] + 1 :]] if spread else [*items, *whole]
        plan: list[Callable[[Index], gast.expr]] = []
        shape: list[Dim] = []
        extents: list[gast.expr] = []
        axis = 0
        for item in items:
            if isinstance(item, gast.Constant) and item.value is None:
                shape.append(Dim(1))
                extents.append(constant(1))
                continue
            if isinstance(item, gast.Slice):
                start, dim, extent = _sliced(item, inner.shape[axis], inner.extents[axis])
                plan.append(functools.partial(_offset, len(shape), start))
                shape.append(self.sizes.reduce(dim))
                extents.append(extent)
            else:
                if self.of(item).rank or self.of(item).dtype.kind not in "iu":
                    raise NotAField("picked elements")
                plan.append(lambda _, item=item: item)
            axis += 1
        return Field(
            inner.dtype, inner.weak, tuple(shape), tuple(extents), lambda i: inner.at(tuple(p(i) for p in plan)),
            inner.place,
        )  # fmt: skip


def _sliced(item: gast.Slice, size: Dim, extent: gast.expr) -> tuple[Any, Dim, gast.expr]:
    """First index, extent and extent as code of slices that leave out a known number of elements at the ends."""
    lower, upper, step = (
        None if s is None or static(s) is None else static(s) for s in (item.lower, item.upper, item.step)
    )
    if MISSING in (lower, upper) or step not in (None, 1, -1):
        raise NotAField("a slice with bounds known at run time")
    if step == -1:
        if lower is not None or upper is not None:
            raise NotAField("a part of an array, backwards")
        return build("n - 1", n=extent), size, extent
    if (lower or 0) < 0 or (upper is not None and upper >= 0):
        raise NotAField("a slice counted from the other end")
    less = (lower or 0) - (upper or 0)
    return lower or 0, size - less, build("n - k", n=extent, k=less) if less else extent


def _offset(position: int, start: Any, index: Index) -> gast.expr:
    own = index[position]
    if not isinstance(start, int):
        return build("s - i", s=start, i=own)
    match own:
        case gast.Constant(value=int() as value):
            return constant(value + start)
        case gast.BinOp(left=left, op=gast.Add(), right=gast.Constant(value=int() as value)):
            return build("i + k", i=left, k=value + start) if value + start else left
    return build("i + k", i=own, k=start) if start else own


def array_field(own: str, kind: Array, shape: tuple[Dim, ...]) -> Field:
    """The field of a named array."""

    def at(index: Index) -> gast.expr:
        place = index[0] if len(index) == 1 else gast.Tuple(list(index), gast.Load())
        return gast.Subscript(name(own), place, gast.Load())

    extents = tuple(build("x.shape[k]", x=name(own), k=k) for k in range(kind.rank))
    return Field(kind.dtype, False, shape, extents, at, place=True)


def aligned(field: Field, index: Index) -> Index:
    """The index with which an operand is read: 0 along axes of extent 1."""
    return tuple(constant(0) if d.is_one else i for d, i in zip(field.shape, index, strict=True))


def _copied(inner: Field) -> Field:
    if not inner.rank:
        raise NotAField("a number")
    return Field(inner.dtype, inner.weak, inner.shape, inner.extents, inner.at)


def _column(inner: Field) -> Field:
    return Field(
        inner.dtype, inner.weak, (*inner.shape, Dim(1)), (*inner.extents, constant(1)), lambda i: inner.at(i[:1])
    )
