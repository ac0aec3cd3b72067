"""What may raise which exception, and the test that tells before it does."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable

import gast
import numpy as np

from adgen.frontend.guards import Guards, Raised
from adgen.frontend.nodes import load
from adgen.frontend.values import Const, Poison, Ref, ShapeItem, SliceVal, TupleVal, Value
from adgen.program.types import Array, ListOf, Scalar

Thunk = Callable[[], Value]

LARGEST_EXP = 709.782712893384  # math.exp of the next float overflows
LARGEST_COSH = 710.4758600739439
# Functions of `math`: the comparisons under which they raise, with the exception.
DOMAINS: dict[str, list[tuple[type[gast.cmpop], float, type[BaseException]]]] = {
    "sqrt": [(gast.Lt, 0.0, ValueError)],
    "log": [(gast.LtE, 0.0, ValueError)],
    "log2": [(gast.LtE, 0.0, ValueError)],
    "log10": [(gast.LtE, 0.0, ValueError)],
    "log1p": [(gast.LtE, -1.0, ValueError)],
    "acosh": [(gast.Lt, 1.0, ValueError)],
    "asin": [(gast.Lt, -1.0, ValueError), (gast.Gt, 1.0, ValueError)],
    "acos": [(gast.Lt, -1.0, ValueError), (gast.Gt, 1.0, ValueError)],
    "atanh": [(gast.LtE, -1.0, ValueError), (gast.GtE, 1.0, ValueError)],
    "sin": [(gast.Eq, math.inf, ValueError), (gast.Eq, -math.inf, ValueError)],
    "cos": [(gast.Eq, math.inf, ValueError), (gast.Eq, -math.inf, ValueError)],
    "tan": [(gast.Eq, math.inf, ValueError), (gast.Eq, -math.inf, ValueError)],
}
OVERFLOWS = {"exp": LARGEST_EXP, "expm1": LARGEST_EXP, "cosh": LARGEST_COSH, "sinh": LARGEST_COSH}
NEVER = frozenset(
    "atan atan2 asinh erf erfc fabs tanh copysign degrees radians hypot isnan isinf isfinite isclose floor ceil trunc "
    "fsum dist gcd".split()
)
NONEMPTY = frozenset({"np.max", "np.min", "np.amax", "np.amin", "np.argmax", "np.argmin", "np.ptp"})
NO_FACTORS = frozenset({"np.linalg.norm", "np.linalg.multi_dot", "np.linalg.cross", "np.linalg.outer"})


class Raising(Guards):
    """Operations, each with the exceptions that it may raise where somebody catches them."""

    def unless_raised(self, run: Thunk) -> Value:
        try:
            return run()
        except Raised:
            return Poison("an exception is raised on the way to it.", self.span)

    # ---- operators

    def guarded_operator(self, name: str, left: Value, right: Value, define: Thunk) -> Value:
        if not self.tries:
            return define()
        if self.is_python(left) and self.is_python(right):
            if name in ("Div", "FloorDiv", "Mod") and not isinstance(right, Const):
                if self.catches(ZeroDivisionError):
                    self.raise_if(self.compare(gast.Eq(), right, Const(0.0)), ZeroDivisionError)
            elif name == "Pow":
                return self.guarded_power(left, right, define)
        return self.attempt(self.floating_point_errors(), define)

    def is_python(self, value: Value) -> bool:
        """Whether a number is one of Python's own, which raise where NumPy's warn."""
        if isinstance(value, Const):
            return isinstance(value.value, int | float | complex) and not isinstance(value.value, np.generic)
        kind = self.type_or_none(value)
        return isinstance(kind, Scalar) and kind.weak

    def guarded_power(self, base: Value, exponent: Value, define: Thunk) -> Value:
        negative = isinstance(exponent, Const) and exponent.value.real < 0
        if self.catches(ZeroDivisionError) and (negative or not isinstance(exponent, Const)):
            test = self.compare(gast.Eq(), base, Const(0.0))
            if not negative:
                test = self.conjunction(test, lambda: self.compare(gast.Lt(), exponent, Const(0.0)))
            self.raise_if(test, ZeroDivisionError)
        kinds = [self.type_or_none(v) for v in (base, exponent)]
        if all(isinstance(k, Scalar) and k.kind in "iub" for k in kinds):
            return define()
        return self.attempt((OverflowError,), define)

    def floating_point_errors(self) -> tuple[type[BaseException], ...]:
        """What NumPy raises under ``np.errstate(...="raise")``."""
        return (FloatingPointError,) if "raise" in self.errstate.values() else ()

    # ---- calls

    def guarded_call(self, path: str, args: tuple[Value, ...], define: Thunk) -> Value:
        if not self.tries:
            return define()
        root, _, name = path.rpartition(".")
        if root == "math":
            return self.guarded_math(name, args, define)
        if path in NONEMPTY and args and isinstance(self.type_or_none(args[0]), Array):
            if self.catches(ValueError):
                size = self.plain(self.attribute(args[0], "size"))
                self.raise_if(self.compare(gast.Eq(), size, Const(0)), ValueError)
        classes: tuple[type[BaseException], ...] = ()
        if root == "np.linalg" and path not in NO_FACTORS:
            classes = (np.linalg.LinAlgError,)
        elif root.startswith("sp."):
            classes = (np.linalg.LinAlgError, ValueError)
        elif root not in ("", "np", "np.fft", "rt") and not path.startswith("rt."):
            classes = tuple(dict.fromkeys(cls for handler in self.in_force() for cls in handler.classes))
        return self.attempt((*classes, *self.floating_point_errors()), define)

    def guarded_math(self, name: str, args: tuple[Value, ...], define: Thunk) -> Value:
        if name in NEVER or not self.catches(ValueError, OverflowError):
            return define()
        if name in DOMAINS and len(args) == 1:
            for op, bound, cls in DOMAINS[name]:
                if self.catches(cls):
                    self.raise_if(self.compare(op(), args[0], Const(bound)), cls)
            return define()
        if name in OVERFLOWS and self.catches(OverflowError):
            size = args[0] if name in ("exp", "expm1") else self.call(Const(abs), args, {})
            test = self.compare(gast.Gt(), size, Const(OVERFLOWS[name]))
            finite = lambda: self.compare(gast.Lt(), size, Const(math.inf))  # noqa: E731
            self.raise_if(self.conjunction(test, finite), OverflowError)
            return define()
        return define() if name in OVERFLOWS else self.attempt((ValueError, OverflowError), define)

    def guarded_conversion(self, value: Value) -> None:
        """``int(x)`` of what is no finite number."""
        if not self.tries:
            return
        if self.catches(ValueError):
            self.raise_if(self.compare(gast.NotEq(), value, value), ValueError)
        if self.catches(OverflowError):
            size = self.call(Const(abs), (value,), {})
            self.raise_if(self.compare(gast.Eq(), size, Const(math.inf)), OverflowError)

    # ---- indices

    def guard_index(self, base: Ref, index: Value) -> None:
        """Bounds, where IndexError is caught."""
        if not self.tries or not self.catches(IndexError):
            return
        items = index.items if isinstance(index, TupleVal) else (index,)
        axis = 0
        for position, item in enumerate(items):
            kind = self.type_or_none(item)
            if isinstance(item, Const) and item.value is Ellipsis:
                axis = base.type.rank - sum(1 for i in items[position + 1 :] if i != Const(None))
                continue
            if item == Const(None):
                continue
            if isinstance(kind, Array) and kind.kind in "iu":
                extent = self.extent_of(base, axis)
                lowest, highest = (self.call(Const(f), (item,), {}) for f in (np.min, np.max))
                self.bounds(lowest, highest, extent)
            elif not isinstance(item, SliceVal) and not isinstance(kind, Array):
                self.bounds(item, item, self.extent_of(base, axis))
            axis += kind.rank if isinstance(kind, Array) and kind.kind == "b" else 1

    def extent_of(self, base: Ref, axis: int) -> Value:
        if isinstance(base.type, ListOf):
            return self.plain(self.call(Const(len), (base,), {}))
        dim = self.sizes.reduce(base.type.shape[axis])
        return Const(dim.const) if dim.is_const else self.plain(ShapeItem(base.name, axis, dim))

    def bounds(self, lowest: Value, highest: Value, extent: Value) -> None:
        lowest, highest = self.plain(lowest), self.plain(highest)
        if not (isinstance(highest, Const) and highest.value < 0):
            self.raise_if(self.compare(gast.GtE(), highest, extent), IndexError)
        if not (isinstance(lowest, Const) and lowest.value >= 0):
            least = self.unary(gast.USub(), extent)
            self.raise_if(self.compare(gast.Lt(), lowest, least), IndexError)

    def exception_expression(self, cls: type) -> gast.expr:
        if getattr(builtins, cls.__name__, None) is cls:
            return load(cls.__name__)
        if cls is np.linalg.LinAlgError:
            return gast.Attribute(gast.Attribute(load("np"), "linalg", gast.Load()), "LinAlgError", gast.Load())
        return load(self.global_name(cls.__name__, cls, None, cls.__module__, cls.__qualname__))
