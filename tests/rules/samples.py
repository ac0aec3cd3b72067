"""Sample calls for every row, beside the names of the functions that they exercise.

``call("np.sum", f(2, 3), axis=0)`` is one sample; the first row that fits it is tested on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

SAMPLES: list[Sample] = []
_random = np.random.default_rng(20240229)


class Const(float):
    """A float that is written as a constant in the program."""


@dataclass(frozen=True)
class Sample:
    callee: str
    arguments: tuple[Any, ...]
    keywords: dict[str, Any] = field(default_factory=dict)
    constant: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    difference: bool = True
    single: bool = True

    def __str__(self) -> str:
        inner = [_brief(a) for a in self.arguments] + [f"{k}={_brief(v)}" for k, v in self.keywords.items()]
        return f"{self.callee}({', '.join(inner)})"


def _brief(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype.kind}{list(value.shape)}".replace(" ", "")
    if isinstance(value, tuple | list) and any(isinstance(v, np.ndarray) for v in value):
        return "[" + ", ".join(map(_brief, value)) + "]"
    return f"{value:.3g}" if isinstance(value, float) else repr(value)


def call(callee: str, *arguments: Any, options: dict[str, Any] | None = None, **keywords: Any) -> None:
    SAMPLES.append(Sample(callee, arguments, keywords, **(options or {})))


def calls(callees: str, *many: tuple[Any, ...], **keywords: Any) -> None:
    for callee in callees.split():
        for arguments in many:
            call(callee, *arguments, **keywords)


KINK = {"single": False}  # float32 would move off the kink
DOUBLE = {"single": False}  # computed in double precision, and cast
NO_DIFFERENCE = {"difference": False}  # only the identity of tangent and adjoint is tested


def f(*shape: int) -> Any:
    """Normal numbers."""
    return _random.normal(size=shape) if shape else float(_random.normal())


def pos(*shape: int) -> Any:
    """Numbers between 0.5 and 2."""
    value = _random.uniform(0.5, 2.0, size=shape)
    return value if shape else float(value)


def unit(*shape: int) -> Any:
    """Numbers between -0.8 and 0.8."""
    value = _random.uniform(-0.8, 0.8, size=shape)
    return value if shape else float(value)


def c(*shape: int) -> Any:
    """Complex normal numbers."""
    value = _random.normal(size=shape) + 1j * _random.normal(size=shape)
    return value if shape else complex(value)


def spd(*shape: int) -> Any:
    """Positive definite matrices."""
    a = _random.normal(size=shape)
    return a @ np.swapaxes(a, -1, -2) + 2 * np.eye(shape[-1])


def apart(*shape: int) -> np.ndarray:
    """Numbers far enough apart that a small step does not change their order."""
    size = int(np.prod(shape))
    return np.reshape(_random.permutation(size) / 4 - 0.9 + _random.uniform(0, 0.1, size), shape)


def well(*shape: int) -> np.ndarray:
    """Well conditioned matrices."""
    return _random.normal(size=shape) / 2 + 2 * np.eye(shape[-1])


def ascending(n: int) -> np.ndarray:
    return np.cumsum(_random.uniform(0.4, 1.2, size=n))


TIED = np.array([1.0, 3.0, 3.0, 0.5])
WITH_ZERO = np.array([[2.0, 0.0, -1.5], [0.7, 1.2, 3.0]])
WITH_TWO_ZEROS = np.array([2.0, 0.0, -1.5, 0.0])
nan = float("nan")
inf, minus_inf = Const("inf"), Const("-inf")
HOLES = np.array([[1.0, nan, 2.5], [0.3, -1.2, 0.8]])
TURNING = np.array([[1.0, -2.0, 0.3], [1.5, 0.7, 0.2], [0.4, -0.1, 3.0]])  # has complex eigenvalues
MASK = np.array([[True, False, True], [True, True, False]])

# Operators ------------------------------------------------------------------------------------
calls(
    "operator.add operator.sub operator.mul np.add np.subtract np.multiply",
    (f(2, 3), f(3)),
    (f(2, 1), f(1, 3)),
    (f(), f()),
    (f(2, 3), f()),
    (c(3), f(3)),
    (f(2), c(3, 2)),
)
calls("operator.truediv np.divide", (f(2, 3), pos(3)), (f(), pos()), (c(3), c(3)), (f(3), c(3)))
calls(
    "operator.pow np.power",
    (pos(2, 3), f(3)),
    (pos(), f()),
    (f(3), 2),
    (f(3), 3),
    (pos(3), 0.5),
    (pos(3), Const(0.5)),
    (pos(3), Const(1.7)),
    (pos(3), -1),
    (f(3), 1),
    (f(3), 0),
    (np.array([0.0, 2.0]), 3),
    (np.array([0.0, 2.0]), np.array([0, 1])),
    (c(3), c(3)),
    (c(3), 2),
    (0.0, 2),
    (pos(), -2),
)
calls("pow math.pow np.float_power", (pos(), f()))
calls("operator.neg operator.pos np.negative np.positive", (f(2, 3),), (f(),), (c(3),))
calls("operator.mod np.mod", (f(2, 3), pos(3)), (f(), pos()))
calls("np.fmod", (f(2, 3), pos(3)))
calls("math.fmod math.remainder", (5.3, 1.7), (-5.3, 1.7))
calls("divmod np.divmod", (5.3, 1.7), (f(3), pos(3)))
calls("abs np.abs operator.abs", (f(2, 3),), (f(),), (c(3),))
calls("abs", (np.array([0.0, 1.0]),), options=KINK)
calls("max min", (1.2, 0.7), (0.7, 1.2))
calls("max min", (0.7, 0.7), options=KINK)
call("sum", [1.2, 0.5, 0.7])
call("sum", f(4))
call("sum", [1.2, 0.5], 2.0)
call("float", f())
call("complex", f(), f())

# Elementwise ----------------------------------------------------------------------------------
SMOOTH = "exp sin cos sinh cosh tanh"
for name in f"{SMOOTH} exp2 expm1 tan arctan arcsinh square sinc deg2rad rad2deg radians degrees fabs i0".split():
    calls(f"np.{name}", (f(2, 3),), (f(),))
for name in "exp exp2 expm1 sin cos tan sinh cosh tanh atan asinh erf erfc radians degrees fabs".split():
    call(f"math.{name}", f())
for name in f"{SMOOTH} tan arctan arcsinh square sqrt log log10 arcsin arccos arccosh arctanh reciprocal".split():
    call(f"np.{name}", c(4))
for name in "exp log log10 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh".split():
    call(f"cmath.{name}", c())
for name in "log log2 log10 log1p sqrt cbrt reciprocal".split():
    calls(f"np.{name}", (pos(2, 3),), (pos(),))
for name in "log log2 log10 log1p sqrt cbrt gamma lgamma".split():
    call(f"math.{name}", pos())
for name, math_name in (("arcsin", "asin"), ("arccos", "acos"), ("arctanh", "atanh")):
    call(f"np.{name}", unit(2, 3))
    call(f"math.{math_name}", unit())
call("np.arccosh", 1 + pos(3))
call("math.acosh", 2.3)
call("np.sinc", np.array([0.0, 1e-3, -0.01, 0.15, 0.25, 1.0]))
calls("math.log cmath.log", (pos(), 1.0 + pos()))
calls(
    "np.logaddexp np.logaddexp2 np.hypot np.arctan2 np.copysign np.maximum np.minimum np.fmax np.fmin",
    (f(2, 3), f(3)),
    (f(), f()),
    (f(2, 1), f(3)),
)
calls("math.hypot math.atan2 math.copysign", (f(), f()))
call("math.hypot", f(), f(), f())
calls("np.hypot", (np.zeros(2), np.zeros(2)), options=NO_DIFFERENCE)
calls("np.maximum np.minimum np.fmax np.fmin", (TIED, 3.0), options=KINK)
calls("np.fmax np.fmin", (np.array([nan, 1.0]), np.array([2.0, nan])), options=NO_DIFFERENCE)
call("np.unwrap", np.array([0.1, 3.0, -3.0, -1.0]))
calls(
    "np.clip",
    (f(2, 4), -0.5, 0.5),
    (f(5), None, 0.3),
    (f(5), 0.3, None),
    (f(2, 3), -pos(3), pos(2, 1)),
    (f(), -0.5, 0.5),
)
call("np.clip", f(5), min=-0.5, max=0.5)
call("np.clip", f(5), max=0.5)
call("np.clip", TIED, 0.5, 3.0, options=KINK)
call("np.heaviside", np.array([-1.0, 0.0, 2.0]), f(3), options={"constant": ("a",)})
call("np.nan_to_num", HOLES, options=NO_DIFFERENCE)
calls("np.nextafter math.nextafter", (1.2, 3.0), options=NO_DIFFERENCE)
calls("np.modf math.modf", (2.7,), (-2.7,))
calls("np.frexp math.frexp", (2.7,), (-0.3,))
calls("np.ldexp math.ldexp", (2.7, 3))
call("np.ldexp", f(3), np.array([1, -2, 0]))
calls("np.conjugate np.real np.imag", (c(2, 3),), (f(3),), (c(),))
calls("np.angle", (c(3),), (c(3), True), (f(3),))
call("cmath.phase", c())
call("cmath.rect", pos(), f())
call("np.sign", c(3))

# math ------------------------------------------------------------------------------------------
call("math.fsum", [0.1, 0.2, 0.3])
call("math.fsum", f(4))
call("math.prod", f(4))
call("math.prod", f(3), start=2.0)
call("math.sumprod", f(3), f(3))
call("math.fma", f(), f(), f())

# Reductions ------------------------------------------------------------------------------------
AXES = (
    {},
    {"axis": 0},
    {"axis": -1, "keepdims": True},
    {"axis": (0, 2)},
    {"axis": (2, 1), "keepdims": True},
    {"keepdims": True},
    {"axis": 1},
)
NAMES = (
    "sum mean prod max min amax amin ptp var std median nansum nanmean nanprod nanmax nanmin nanvar nanstd nanmedian"
)
for name in NAMES.split():
    for axes in AXES:
        call(f"np.{name}", apart(2, 3, 2), **axes)
    call(f"np.{name}", apart(5))
    if name.startswith("nan"):
        call(f"np.{name}", HOLES)
        call(f"np.{name}", HOLES, axis=0)
        call(f"np.{name}", HOLES, axis=1, keepdims=True)
for name in ("sum", "mean", "prod", "var", "std"):
    call(f"np.{name}", c(2, 3), axis=1)
    call(f"np.{name}", f(2, 3), where=MASK)
    call(f"np.{name}", f(2, 3), axis=1, where=MASK)
    call(f"np.{name}", f(2, 3), axis=0, keepdims=True, where=MASK)
call("np.sum", f(2, 3), initial=2.0)
call("np.sum", f(2, 3), dtype=np.float64)
call("np.prod", f(2, 3), initial=2.0)
call("np.prod", f(2, 3), axis=1, initial=2.0, where=MASK)
calls("np.prod", (WITH_ZERO,), (WITH_ZERO, 1), (WITH_TWO_ZEROS,), (WITH_ZERO, (0, 1)))
calls("np.var np.std", (f(4, 2), 0), ddof=1)
for name in ("np.var", "np.std"):
    call(name, f(4, 2), axis=0, correction=1)
    call(name, f(2, 3), correction=1, where=MASK)
    call(name, c(4, 2), axis=0, correction=1, keepdims=True)
    calls(name, (f(4, 2),), mean=0.3)
    call(name, f(4, 2), axis=0, ddof=1, mean=f(1, 2))
    call(name, f(4, 2), axis=1, keepdims=True, mean=f(4, 1))
calls("np.std", (np.ones(3),), options=NO_DIFFERENCE)
calls("np.max np.min np.amax np.amin", (f(2, 3),), axis=1, initial=0.1, where=MASK)
calls("np.nanmax np.nanmin", (f(2, 3),), initial=0.1)
calls("np.max np.min np.ptp", (np.array([1.0, 2.0, 2.0, 1.0]),), (np.array([[1.0, 2.0], [1.0, 3.0]]), 0), options=KINK)
calls("np.average", (f(2, 3),), (f(2, 3), 0))
call("np.average", f(2, 3), 1, pos(2, 3))
call("np.average", f(2, 3), None, pos(2, 3))
calls("np.average", (f(2, 3), 1, pos(3)), (f(2, 3), 0, pos(2)), (f(3), 0, pos(3)), (f(3), None, pos(3)))
call("np.average", f(2, 3), 0, pos(2), keepdims=True)
for name, q in (("quantile", 0.3), ("percentile", 30.0), ("nanquantile", 0.3), ("nanpercentile", 30.0)):
    for method in ("linear", "lower", "higher", "midpoint", "nearest"):
        call(f"np.{name}", apart(5), q, method=method)
    for axes in AXES:
        call(f"np.{name}", apart(2, 3, 2), q, **axes)
calls("np.nanquantile", (HOLES, 0.3), (HOLES, 0.3, 1))
calls(
    "np.cumsum np.cumprod np.nancumsum np.nancumprod", (f(4),), (f(2, 3),), (f(2, 3), 0), (f(2, 3, 2), 1), (f(2, 3), -1)
)
calls("np.nancumsum np.nancumprod", (HOLES,), (HOLES, 1))
calls("np.cumprod", (WITH_ZERO, 1), (WITH_TWO_ZEROS,))
call("np.cumulative_sum", f(4))
call("np.cumulative_sum", f(2, 3), axis=1)
call("np.cumulative_sum", f(2, 3), axis=0, include_initial=True)
call("np.cumulative_sum", f(3), include_initial=True)
call("np.cumulative_prod", f(4))
call("np.cumulative_prod", f(2, 3), axis=1)
calls("np.diff", (f(5),), (f(5), 2), (f(3, 4),), (f(4, 3), 1, 0), (f(2, 5), 3), (f(3), 0))
call("np.diff", f(4), prepend=f(), append=f(2))
call("np.diff", f(2, 4), axis=1, prepend=f(2, 2))
call("np.diff", f(3, 2), axis=0, append=f(1, 2))
calls("np.ediff1d", (f(5),), (f(2, 3),))
calls("np.trapezoid", (f(5),), (f(2, 5),))
call("np.trapezoid", f(5), dx=0.3)
call("np.trapezoid", f(5, 2), dx=0.3, axis=0)
calls("np.trapezoid", (f(5), ascending(5)), (f(2, 5), ascending(5)), (f(2, 4), np.cumsum(pos(2, 4), 1)))
call("np.trapezoid", f(5, 2), ascending(5), axis=0)
calls("np.gradient", (f(6),), (f(6), 0.3), (f(6), 0.5))
for order in (1, 2):
    call("np.gradient", f(5, 3), axis=1, edge_order=order)
    call("np.gradient", f(3, 5), 0.3, axis=0, edge_order=order)
    call("np.gradient", f(3, 4), edge_order=order)
call("np.gradient", f(3, 4, 3))

# Unique values, polynomials in other bases, hermitian pseudo-inverses of the lower triangle --------------
for options in ({}, {"return_index": True}, {"return_index": True, "return_counts": True}):
    call("np.unique", apart(5), **options)
call("np.unique", apart(2, 3), return_index=True, return_inverse=True, return_counts=True)
call("np.unique_values", apart(2, 3))
for family, short in (("polynomial", "poly"), ("chebyshev", "cheb"), ("legendre", "leg"), ("hermite", "herm"),
                      ("hermite_e", "herme"), ("laguerre", "lag")):  # fmt: skip
    calls(f"np.polynomial.{family}.{short}der", (f(5),), (f(5), 2))
    call(f"np.polynomial.{family}.{short}der", f(5), scl=0.5)
    calls(f"np.polynomial.{family}.{short}int", (f(4),), (f(4), 2))
call("np.interp", f(4), ascending(5), f(5), left=f(), right=f())

# Shapes ----------------------------------------------------------------------------------------
call("np.full", (2, 3), f())
call("np.full", (2, 3), f(3))
call("np.full_like", f(2, 3), f(), options={"constant": ("x",)})
call("np.full_like", f(2, 3), f(3), options={"constant": ("x",)})
calls("np.logspace", (f(), f(), 5), (f(), f(), 4, False))
call("np.logspace", f(), f(), 5, base=2.0)
calls("np.geomspace", (pos(), pos(), 5), (pos(), pos(), 4, False))
calls("np.arange", (0.3, 2.0), (0.3, 2.0, 0.4))
calls("np.linspace", (f(), f(), 5), (f(), f(), 5, False), (f(2), f(2), 4))
calls("np.copy np.ascontiguousarray np.asfortranarray np.require", (f(2, 3),), (c(2, 3),))
call("np.astype", f(2, 3), np.float64)
call("np.astype", f(2, 3), np.complex128)
for name in ("array", "asarray", "asanyarray"):
    calls(f"np.{name}", (f(2, 3),), ([f(), f()],), ([f(2), f(2)],))
    call(f"np.{name}", f(2, 3), dtype=np.complex128)
    call(f"np.{name}", [f(), f()], dtype=np.float64)
call("np.asarray_chkfinite", f(2, 3))
calls("np.array np.asarray np.float64 np.longdouble np.clongdouble np.complex128", (f(),))
calls("np.float32 np.float16 np.complex64", (0.5,), options=NO_DIFFERENCE)
calls("np.reshape", (f(2, 3), (3, 2)), (f(2, 3), -1), (f(6), (2, 3)), (f(2, 3), (6,), "F"), (f(1), ()))
calls("np.ravel", (f(2, 3),), (f(2, 3), "F"))
calls("np.transpose", (f(2, 3),), (f(2, 3, 4),), (f(2, 3, 4), (1, 2, 0)), (f(2, 3, 4), (0, -1, 1)), (f(3),))
calls("np.matrix_transpose np.linalg.matrix_transpose", (f(2, 3),), (f(2, 3, 4),))
call("np.swapaxes", f(2, 3, 4), 0, -1)
calls("np.moveaxis", (f(2, 3, 4), 0, -1), (f(2, 3, 4), (0, 1), (2, 0)))
calls("np.rollaxis", (f(2, 3, 4), 2), (f(2, 3, 4), 0, 3), (f(2, 3, 4), 1, 2), (f(2, 3, 4), -1, 1))
calls("np.expand_dims", (f(2, 3), 1), (f(2, 3), (0, -1)))
calls("np.squeeze", (f(2, 1, 3),), (f(1, 2, 1), 0), (f(1, 2, 1), (0, 2)))
calls("np.atleast_1d np.atleast_2d np.atleast_3d", (f(),), (f(3),), (f(2, 3),), (f(2, 3, 2),))
calls("np.broadcast_to", (f(3), (2, 3)), (f(2, 1), (4, 2, 3)), (f(), (2,)))
calls("rt.sum_to", (f(2, 3), (3,)), (f(4, 2, 3), (2, 1)), (f(2), ()))
call("np.broadcast_arrays", f(2, 1), f(3))
calls("np.meshgrid", (f(2), f(3)), (f(2), f(3), f(4)))
calls("np.meshgrid", (f(2), f(3)), (f(2), f(3), f(4)), indexing="ij")
calls("np.flip", (f(2, 3),), (f(2, 3), 0), (f(2, 3), (0, 1)))
calls("np.fliplr np.flipud np.rot90", (f(2, 3),))
call("np.rot90", f(2, 3, 4), 3, (1, 2))
calls("np.roll", (f(2, 3), 1), (f(2, 3), -2, 1), (f(2, 3), (1, 2), (0, 1)), (f(4), 3))
calls("np.fft.fftshift np.fft.ifftshift", (f(5),), (f(2, 3),), (f(2, 3), 1))
calls(
    "np.concatenate",
    ([f(2), f(3), f(1)],),
    ([f(2, 3), f(1, 3)],),
    ([f(2, 3), f(2, 1), f(2, 2)], 1),
    ([f(2, 3), f(2, 1)], -1),
    ((f(2, 3), f(4), f(1)), None),
    ((c(2), f(3)),),
)
calls("np.stack", ([f(2), f(2)],), ([f(2, 3), f(2, 3), f(2, 3)], 1), ([f(2), f(2)], -1))
call("np.unstack", f(2, 3))
call("np.unstack", f(2, 3), axis=1)
calls("np.hstack", ([f(2), f(3)],), ([f(2, 3), f(2, 1)],))
calls("np.vstack np.row_stack", ([f(3), f(3)],), ([f(2, 3), f(1, 3)],), ([f(3), f(2, 3), f(3)],))
calls("np.dstack", ([f(3), f(3)],), ([f(2, 3), f(2, 3)],), ([f(2, 3), f(2, 3, 2), f(2, 3)],))
calls("np.column_stack", ([f(3), f(3)],), ([f(3), f(3, 2), f(3)],), ([f(3, 2), f(3, 1)],))
calls("np.append", (f(3), f()), (f(2, 3), f(2)), (f(2, 3), f(1, 3), 0), (f(2, 3), f(2, 2), 1))
calls("np.split np.array_split", (f(6), 3), (f(6), 2), (f(2, 6), 2, 1))
call("np.array_split", f(5), 3)
calls("np.hsplit", (f(6), 2), (f(2, 6), 3))
call("np.vsplit", f(4, 2), 2)
call("np.dsplit", f(2, 2, 4), 2)
calls(
    "np.tile",
    (f(3), 2),
    (f(2, 3), 2),
    (f(2, 3), (2, 1)),
    (f(3), (2, 2)),
    (f(2, 3), (1, 1)),
    (f(2, 1, 3), (2, 3)),
    (f(), 3),
)
calls("np.repeat", (f(3), 2), (f(2, 3), 2), (f(2, 3), 2, 0), (f(2, 3), 3, -1))
calls("np.repeat", (f(3), np.array([1, 0, 2])), (f(2, 3), np.array([1, 3]), 0), (f(2), [2, 1]))
calls("np.resize", (f(3), (2, 4)), (f(2, 3), (2, 2)), (f(3), 7))
calls("np.delete", (f(5), 2), (f(5), [0, 3]), (f(3, 4), 1, 0), (f(3, 4), slice(0, 2), 1))
calls(
    "np.insert",
    (f(4), 2, f()),
    (f(4), 1, f(3)),
    (f(4), [0, 3, 1], f(3)),
    (f(2, 3), 1, f(3), 0),
    (f(2, 3), 1, f(), 1),
    (f(2, 3), [0, 2], f(2, 2), 1),
)
calls(
    "np.pad", (f(3), 2), (f(2, 3), 1), (f(2, 3), (1, 2)), (f(2, 3), ((1, 0), (0, 2))), (f(3), ((0, 1),)), (f(2), (1, 0))
)
call("np.pad", f(2, 3), 1, constant_values=2.0)
for mode in ("edge", "wrap", "reflect", "symmetric", "mean", "linear_ramp"):
    calls("np.pad", (f(4), (2, 3)), (f(3, 3), ((1, 2), (0, 2))), (f(3, 2), 1), mode=mode)
call("rt.scatter_sum", f(4), np.array([0, 2, 2, 1]), (3,))

# Selection -------------------------------------------------------------------------------------
calls("np.where", (MASK, f(2, 3), f(3)), (MASK, f(2, 3), 0.5), (MASK, f(), c(2, 3)), (True, f(), f()))
calls(
    "np.select",
    ([MASK, ~MASK], [f(2, 3), f(2, 3)]),
    ([MASK, MASK], [f(2, 3), f(2, 3)], f()),
    ([MASK, ~MASK], [f(3), f(2, 1)], f(2, 3)),
)
call("np.choose", np.array([0, 1, 1, 0]), [f(4), f(4)])
call("np.choose", np.array([0, 1, 1, 0]), [f(4), f(1)])
calls("np.compress", (np.array([True, False, True]), f(3)), (np.array([True, False]), f(2, 3), 0))
call("np.extract", MASK, f(2, 3))
calls(
    "np.take",
    (f(4), np.array([1, 1, 3])),
    (f(2, 3), np.array([[0, 2], [4, 4]])),
    (f(2, 3), np.array([0, 0, 2]), 1),
    (f(4), 2),
    (f(2, 3), 1, 0),
    (f(2, 3), [1, 0], -1),
)
call("np.take", f(4), np.array([5, -1]), mode="wrap")
calls("np.take_along_axis", (f(2, 3), np.array([[0, 2], [1, 1]]), 1), (f(2, 3), np.array([[0, 1, 0]]), 0))
calls("np.sort", (apart(5),), (apart(3, 4),), (apart(3, 4), 0), (apart(3, 4), None), (c(4),))
call("np.sort", apart(4), kind="stable")
call("np.sort", apart(2, 3), axis=None, stable=True)
calls("np.partition", (apart(3, 4), 5, None))
for mode in ("wrap", "clip"):
    call("np.choose", np.array([0, 3, -1, 5]), [f(4), f(1), f(4)], mode=mode)
calls("np.partition", (apart(6), 2), (apart(3, 4), 1, 0), (apart(3, 4), (0, 2)))
call("np.sort_complex", c(4))
calls("np.diag", (f(3),), (f(2), 1), (f(3, 3),), (f(2, 4), 1), (f(3, 2), -1))
calls("np.diagflat", (f(3),), (f(2, 2), 1))
calls("np.diagonal", (f(3, 3),), (f(2, 4), 1), (f(2, 3, 3), 0, 1, 2), (f(2, 3, 2), -1, 1, 0))
calls("np.linalg.diagonal", (f(2, 3, 3),), (f(3, 3),))
call("np.linalg.diagonal", f(2, 3, 3), offset=1)
call("rt.spread_diagonal", f(3), (3, 4), 1, 0, 1)
calls("np.trace", (f(3, 3),), (f(3, 4), 1), (f(2, 3, 3), 0, 1, 2), (f(2, 3, 3),))
calls("np.linalg.trace", (f(3, 3),), (f(2, 3, 3),))
calls("np.tril np.triu", (f(3, 3),), (f(2, 3, 4), 1), (f(3),))
call("np.bincount", np.array([0, 2, 2, 1]), f(4))
call("np.bincount", np.array([0, 2, 2, 1]), f(4), 6)
calls("np.add.reduceat", (f(6), np.array([0, 2, 5])), (f(6, 2), np.array([0, 4, 1])), (f(2, 6), np.array([1, 3]), 1))
calls("np.add.reduce np.add.accumulate", (f(4),), (f(3, 2),), (f(3, 2), 1))

# Products --------------------------------------------------------------------------------------
for name in ("operator.matmul", "np.matmul", "np.linalg.matmul"):
    calls(
        name,
        (f(2, 3), f(3, 4)),
        (f(2, 3), f(3)),
        (f(3), f(3, 2)),
        (f(3), f(3)),
        (c(2, 3), f(3, 2)),
        (c(3), c(3)),
        (f(2, 4, 3), f(3)),
        (f(3), f(2, 3, 4)),
        (f(5, 2, 3), f(3, 4)),
        (f(2, 3), f(5, 3, 4)),
        (f(5, 2, 3), f(5, 3, 4)),
        (f(2, 1, 2, 3), f(5, 3, 2)),
        (f(1, 2, 3), f(4, 3, 2)),
    )
calls(
    "np.dot",
    (f(2, 3), f(3, 4)),
    (f(2, 3), f(3)),
    (f(3), f(3, 2)),
    (f(3), f(3)),
    (f(), f(2)),
    (f(2), f()),
    (f(), f()),
    (f(2, 4, 3), f(3)),
    (f(3), f(2, 3, 4)),
    (f(2, 3), f(4, 3, 2)),
    (f(2, 2, 3), f(3, 2)),
    (c(2, 3), c(3, 2)),
)
calls(
    "np.inner",
    (f(3), f(3)),
    (f(2, 3), f(4, 3)),
    (f(2, 3), f(3)),
    (f(2, 2, 3), f(4, 3)),
    (f(), f(2)),
    (f(2), f()),
    (f(), f()),
)
calls("np.matvec", (f(2, 3), f(3)), (f(4, 2, 3), f(4, 3)))
call("np.vecmat", f(2), f(2, 3))
calls("np.tensordot np.linalg.tensordot", (f(2, 3, 4), f(3, 4, 2)), (f(2, 3), f(2, 3)), (c(2, 3), f(2, 3)))
for shape_a, shape_b, axes in (
    ((2, 3, 4), (4, 2, 3), 1),
    ((2, 3), (4,), 0),
    ((2, 3, 4), (3, 2, 5), ([0, 1], [1, 0])),
    ((2, 3), (3, 4), (1, 0)),
    ((4, 3, 2), (2, 5, 4), ((2, 0), (0, 2))),
    ((2, 3), (4, 3), ([-1], [1])),
):
    call("np.tensordot", f(*shape_a), f(*shape_b), axes=axes)
calls("np.vdot", (f(3), f(3)), (f(2, 3), f(2, 3)), (c(3), c(3)), (f(2, 3), f(3, 2)))
calls("np.vecdot np.linalg.vecdot", (f(3), f(3)), (f(2, 3), f(2, 3)), (c(2, 3), c(2, 3)))
calls("np.outer", (f(3), f(2)), (f(2, 2), f(3)), (c(3), f(2)))
call("np.linalg.outer", f(3), f(2))
calls("np.multiply.outer", (f(3), f(2)), (f(2, 3), f(2)))
calls("np.add.outer np.subtract.outer", (f(3), f(2)))
calls(
    "np.kron",
    (f(3), f(2)),
    (f(2, 3), f(3, 2)),
    (f(2), f(2, 3)),
    (f(2, 3), f(2)),
    (c(2, 2), f(1, 2)),
    (f(2, 1, 2), f(1, 2, 2)),
)
for subscripts, shapes in (
    ("ij,jk->ik", ((2, 3), (3, 4))),
    ("ij,jk", ((2, 3), (3, 4))),
    ("ij->ji", ((2, 3),)),
    ("ij->i", ((2, 3),)),
    ("ij->", ((2, 3),)),
    ("ii->i", ((3, 3),)),
    ("ii", ((3, 3),)),
    ("i,i->", ((3,), (3,))),
    ("i,j->ij", ((2,), (3,))),
    ("bij,bjk->bik", ((4, 2, 3), (4, 3, 2))),
    ("...ij,...jk->...ik", ((4, 2, 3), (4, 3, 2))),
    ("...ij,jk->...ik", ((4, 2, 3), (3, 2))),
    ("i,ij,j->", ((2,), (2, 3), (3,))),
    ("ijk,ijl,kl->j", ((2, 3, 4), (2, 3, 2), (4, 2))),
    ("i...->...", ((2, 3, 4),)),
    ("ij,ij->j", ((2, 3), (2, 3))),
    ("iij->j", ((3, 3, 2),)),
    ("ij,kj->ki", ((2, 3), (4, 3))),
    ("...i,...i->...", ((1, 3), (4, 3))),
    ("ij,k->k", ((2, 3), (2,))),
    ("ba", ((2, 3),)),
    ("...", ((2, 3),)),
    ("iii->i", ((2, 2, 2),)),
    ("a,b,c->abc", ((2,), (3,), (2,))),
):
    call("np.einsum", subscripts, *(f(*s) for s in shapes))
call("np.einsum", "ij,jk->ik", c(2, 3), c(3, 2))
call("np.einsum", "ij,jk,kl->il", f(2, 3), f(3, 2), f(2, 2), optimize=True)
calls("np.cross", (f(3), f(3)), (f(2, 3), f(2, 3)), (f(2, 3), f(3)), (f(4, 2, 3), f(2, 3)))
call("np.cross", f(3, 2), f(3, 2), axis=0)
call("np.linalg.cross", f(2, 3), f(2, 3))
for mode in ("full", "same", "valid"):
    calls(
        "np.convolve np.correlate",
        (f(5), f(3)),
        (f(3), f(5)),
        (f(6), f(4)),
        (f(4), f(6)),
        (c(4), c(3)),
        (f(4), f(4)),
        mode=mode,
    )
calls("np.convolve np.correlate", (f(5), f(3)))
calls("np.polyval", (f(4), f(3)), (f(4), f()), (f(3), f(2, 2)), options=DOUBLE)
calls("np.polyder np.polyint", (f(4),))
calls("np.polyadd np.polysub np.polymul", (f(4), f(2)), (f(2), f(4)))
calls("np.vander", (f(4),), (f(4), 3))
call("np.vander", f(4), increasing=True)
calls("np.polyfit", (ascending(6), f(6), 2), (ascending(5), f(5), 1))
calls(
    "np.interp",
    (np.array([0.3, 1.1, 2.4, -1.0, 9.0]), np.array([0.0, 1.0, 2.0, 4.0]), f(4)),
    (1.3, np.array([0.0, 1.0, 2.0]), f(3)),
    (np.array([0.3, -1.0, 9.0]), np.array([0.0, 1.0]), f(2), 0.5),
    (np.array([[0.3, 0.4]]), np.array([0.0, 1.0]), f(2), 0.5, -0.5),
)

# Linear algebra --------------------------------------------------------------------------------
calls(
    "np.linalg.solve",
    (f(3, 3), f(3)),
    (f(3, 3), f(3, 2)),
    (f(2, 3, 3), f(3)),
    (f(2, 3, 3), f(2, 3, 2)),
    (f(3, 3), f(2, 3, 2)),
    (f(2, 3, 3), f(3, 2)),
    (c(3, 3), c(3)),
    (c(3, 3), f(3, 2)),
)
calls("np.linalg.inv np.linalg.det np.linalg.slogdet", (well(3, 3),), (well(2, 3, 3),), (c(3, 3),))
calls("np.linalg.det", (np.ones((2, 2)),), (np.diag([1.0, 2.0, 0.0]),))
call("rt.cofactors", f(3, 3))
call("rt.cofactors", c(2, 2, 2))
call("np.linalg.tensorsolve", f(2, 3, 6), f(2, 3))
call("np.linalg.tensorinv", f(4, 2, 2) + np.reshape(3 * np.eye(4), (4, 2, 2)), 1)
call("np.linalg.tensorinv", f(2, 2, 4) + np.reshape(3 * np.eye(4), (2, 2, 4)))
for upper in (False, True):
    calls(
        "np.linalg.cholesky",
        (spd(3, 3),),
        (spd(2, 3, 3),),
        (spd(2, 2) + 0.1j * np.array([[0, -1], [1, 0]]),),
        upper=upper,
    )
call("rt.lower_half", f(3, 3))
calls("np.linalg.eigh", (spd(3, 3),), (f(3, 3), "U"), (spd(2, 3, 3),))
call("np.linalg.eigh", c(3, 3), options={"outputs": ("w",)})
call("np.linalg.eigvalsh", np.eye(3), options=NO_DIFFERENCE)
calls("np.linalg.eigvalsh", (spd(3, 3),), (f(3, 3), "U"), (spd(2, 3, 3),), (c(3, 3),))
calls("np.linalg.eig", (spd(3, 3) + f(3, 3) / 4,), (TURNING,), (c(3, 3),), (f(2, 3, 3),))
calls("np.linalg.eigvals", (spd(3, 3),), (f(4, 4),), (c(3, 3),), (f(2, 3, 3),))
for full in (False, True):
    calls("np.linalg.svd", (f(3, 3),), (f(2, 3, 3),), full_matrices=full)
    calls(
        "np.linalg.svd",
        (f(4, 2),),
        (f(2, 4),),
        full_matrices=full,
        options={"outputs": ("s",) if full else ("u", "s", "vh")},
    )
    calls("np.linalg.svd", (c(3, 2),), (c(2, 3),), full_matrices=full, options={"outputs": ("s",)})
calls("np.linalg.svd", (f(4, 3),), compute_uv=False)
calls("np.linalg.svdvals", (f(4, 3),), (f(2, 2, 3),), (c(3, 2),))
calls("np.linalg.qr", (f(3, 3),), (f(4, 2),), (f(2, 4),), (f(2, 4, 3),))
calls("np.linalg.qr", (c(3, 3),), (c(4, 2),), (c(2, 4),))
call("np.linalg.qr", f(4, 3), "r")
calls("np.linalg.pinv", (f(4, 2),), (f(2, 4),), (well(3, 3),), (f(2, 4, 3),), (c(3, 2),), (c(2, 3),))
calls("np.linalg.lstsq", (f(5, 3), f(5)), (f(5, 3), f(5, 2)), (c(4, 2), c(4)))
call("np.linalg.lstsq", f(3, 5), f(3), options={"outputs": ("x", "s")})
for power in (0, 1, 2, 3, 5, -1, -3):
    call("np.linalg.matrix_power", well(3, 3), power)
call("np.linalg.matrix_power", f(2, 3, 3), 3)
calls(
    "np.linalg.multi_dot",
    ([f(2, 3), f(3, 4), f(4, 2)],),
    ([f(3), f(3, 4), f(4)],),
    ([f(2, 3), f(3, 4), f(4)],),
    ([f(3), f(3, 4), f(4, 2)],),
    ([f(2, 3), f(3, 4)],),
)
for order in (None, 2, 1, inf, minus_inf, 0, 3, Const(2.5), -1):
    call("np.linalg.norm", apart(5), order)
    call("np.linalg.norm", apart(2, 4), order, axis=1)
    call("np.linalg.norm", apart(2, 4), order, axis=0, keepdims=True)
    call("np.linalg.vector_norm", apart(4), ord=2 if order is None else order)
for order in (None, "fro", "nuc", 2, -2, 1, -1, inf, minus_inf):
    call("np.linalg.norm", apart(3, 4), order)
    call("np.linalg.norm", apart(4, 2, 3), order, axis=(0, 2))
    call("np.linalg.norm", apart(2, 3, 2), order, axis=(-2, -1), keepdims=True)
    call("np.linalg.matrix_norm", apart(2, 3, 2), ord="fro" if order is None else order)
calls("np.linalg.norm", (c(3),), (c(3), 1), (c(3), inf), (c(2, 3),), (c(2, 3), "nuc"), (c(2, 3), 2), (f(2, 3, 4),))
calls("np.linalg.norm", (np.zeros(3),), (np.zeros((2, 2)), "nuc"), options=NO_DIFFERENCE)
call("np.linalg.vector_norm", f(2, 3))
call("np.linalg.vector_norm", f(2, 3), axis=0)
calls(
    "np.linalg.cond",
    (well(3, 3),),
    (f(4, 3),),
    (well(3, 3), "fro"),
    (well(3, 3), 1),
    (well(3, 3), inf),
    (well(2, 3, 3),),
    (well(3, 3), -1),
    (well(3, 3), -2),
    (f(4, 3), -2),
)

# Fourier transforms ------------------------------------------------------------------------------
calls(
    "np.fft.fft np.fft.ifft np.fft.rfft np.fft.ihfft",
    (f(5),),
    (f(6),),
    (f(2, 4), 6),
    (f(2, 6), 3),
    (f(4, 2), None, 0),
    (f(4, 2), 5, 0, "ortho"),
    (f(5), None, -1, "forward"),
)
calls("np.fft.fft np.fft.ifft", (c(5),), (c(2, 4), 3))
calls(
    "np.fft.irfft np.fft.hfft",
    (c(4),),
    (c(4), 7),
    (c(4), 5),
    (c(4), 9),
    (c(2, 4),),
    (c(4, 2), None, 0),
    (c(4, 2), 5, 0, "ortho"),
    (c(5), None, -1, "forward"),
    (f(4),),
)
calls(
    "np.fft.fft2 np.fft.ifft2 np.fft.fftn np.fft.ifftn np.fft.rfft2 np.fft.rfftn",
    (f(2, 3),),
    (f(2, 3, 4),),
    (f(3, 4), (2, 6), (0, 1)),
    (f(3, 4, 2), None, (0, 2)),
    (f(3, 4), None, (1, 0), "ortho"),
)
calls("np.fft.fftn np.fft.ifftn", (c(3, 4),))
calls(
    "np.fft.irfft2 np.fft.irfftn",
    (c(2, 3),),
    (c(2, 3, 4),),
    (c(3, 4), (2, 7), (0, 1)),
    (c(3, 4, 2), None, (0, 1)),
    (c(3, 4), None, (1, 0), "ortho"),
)
call("np.fft.irfftn", c(4), axes=(0,))
call("rt.fit", f(4), 6, 0)
call("rt.reduceat_bar", f(3), f(6), np.array([0, 2, 5]), 0)
call("rt.reduceat_bar", f(2, 2), f(2, 6), np.array([4, 1]), 1)
call("rt.fit", f(2, 4), 3, 1)
calls("np.fft.fftfreq np.fft.rfftfreq", (5, 0.3))

# Statistics ----------------------------------------------------------------------------------------
call("np.trace", f(2, 5), offset=1)
call("np.cov", f(5))
call("np.trace", f(2, 5), offset=-1)
call("np.cov", f(5), ddof=0)
call("np.tril", f(3, 5), k=1)

# scipy.special -----------------------------------------------------------------------------------------
REAL = (
    "erf erfc erfcx erfi dawsn ndtr log_ndtr expit log_expit softplus exprel cosm1 exp10 exp2 expm1 j0 j1 "
    "i0 i1 i0e i1e"
    " sindg cosdg tandg fresnel airy sici shichi wrightomega"
)
for name in REAL.split():
    calls(f"sp.special.{name}", (pos(3),), (pos(),))
for name in (
    "erf",
    "erfc",
    "erfcx",
    "erfi",
    "dawsn",
    "wofz",
    "expi",
    "exp1",
    "loggamma",
    "gamma",
    "lambertw",
    "spence",
    "airy",
):
    call(f"sp.special.{name}", c(3))
for name in (
    "gamma",
    "gammaln",
    "loggamma",
    "rgamma",
    "digamma",
    "y0",
    "y1",
    "k0",
    "k1",
    "k0e",
    "k1e",
    "log1p",
    "cbrt",
    "exp1",
    "expi",
    "lambertw",
    "factorial",
    "spence",
):
    calls(f"sp.special.{name}", (pos(3),), (pos(),))
calls(
    "sp.special.erfinv sp.special.logit sp.special.ndtri sp.special.ndtri_exp "
    "sp.special.ellipkm1 sp.special.entr sp.special.erfcinv",
    (np.array([0.2, 0.5, 0.7]),),
)
call("sp.special.ndtri_exp", np.array([-0.2, -3.0]))
SAMPLES[:] = [s for s in SAMPLES if not (s.callee == "sp.special.ndtri_exp" and s.arguments[0][0] > 0)]
calls("sp.special.erf sp.special.expit sp.special.log_ndtr sp.special.exprel", (f(2, 3),))
call("sp.special.exprel", np.array([0.0, 1e-3, 0.4, -0.6, 3.0]))
call("sp.special.spence", np.array([1.0, 1.001, 0.9, 3.0]))
calls("sp.special.ellipk sp.special.ellipe", (np.array([0.0, 1e-9, -2.0]),), options=DOUBLE)
calls("sp.special.polygamma", (1, pos(3)), (np.array([0, 2, 3]), pos(3)))
call("sp.special.multigammaln", 2 + pos(2), 3)
calls(
    "sp.special.poch sp.special.beta sp.special.betaln sp.special.xlogy sp.special.xlog1py sp.special.rel_entr "
    "sp.special.kl_div",
    (pos(2, 3), pos(3)),
    (pos(), pos()),
)
calls(
    "sp.special.xlogy sp.special.rel_entr sp.special.kl_div",
    (np.zeros(2), np.zeros(2)),
    options={"difference": False, "constant": ("a",)},
)
calls("sp.special.binom", (3 + pos(3), pos(3)))
calls("sp.special.gammainc sp.special.gammaincc", (2.5, pos(3)), options={"constant": ("a",)})
calls("sp.special.gammaincinv sp.special.gammainccinv", (2.5, np.array([0.2, 0.7])), options={"constant": ("a",)})
calls("sp.special.betainc sp.special.betaincc sp.special.betaincinv", (2.5, 1.5, np.array([0.2, 0.7])), options=DOUBLE)
call("sp.special.zeta", 2.5, pos(3))
calls("sp.special.huber sp.special.pseudo_huber", (pos(3), 3 * f(3)))
calls("sp.special.boxcox sp.special.boxcox1p sp.special.inv_boxcox", (pos(3), 0.7))
for name in ("logsumexp", "softmax", "log_softmax"):
    calls(f"sp.special.{name}", (f(4),), (f(2, 3),), (f(2, 3), 1), (f(2, 3, 2), (0, 2)))
calls("sp.special.logsumexp", (f(2, 3), 1, pos(2, 3)), (f(4), None, pos(4)))
call("sp.special.logsumexp", f(2, 3), axis=0, keepdims=True)
call("sp.special.logsumexp", np.full(3, -np.inf), options=NO_DIFFERENCE)
calls(
    "sp.special.jv sp.special.yv sp.special.iv sp.special.kv sp.special.ive sp.special.kve sp.special.hankel1 "
    "sp.special.hankel2 sp.special.struve",
    (1.5, pos(3)),
    (2, pos(3)),
)
calls("sp.special.jv sp.special.yv sp.special.iv sp.special.kv", (1.5, c(3)))
calls("sp.special.yn sp.special.kn sp.special.expn", (2, pos(3)))
for name in ("spherical_jn", "spherical_yn", "spherical_in", "spherical_kn"):
    calls(f"sp.special.{name}", (2, pos(3)), (2, pos(3), True), (0, pos(3)))
call("sp.special.ellipkinc", pos(3), np.array([0.2, 0.5, -0.3]))
call("sp.special.ellipeinc", pos(3), np.array([0.2, 0.5, -0.3]))
call("sp.special.ellipj", pos(3), 0.4)
call("sp.special.hyp0f1", 1.5, f(3))
call("sp.special.hyp1f1", 1.5, 2.5, f(3))
call("sp.special.hyp2f1", 1.5, 0.5, 2.5, unit(3))
call("sp.special.hyperu", 1.5, 0.5, pos(3))
for name in ("legendre", "chebyt", "chebyu", "hermite", "hermitenorm", "laguerre"):
    calls(f"sp.special.eval_{name}", (3, unit(3)), (np.array([0, 1, 2]), unit(3)))
calls("sp.special.eval_genlaguerre sp.special.eval_gegenbauer", (3, 1.5, unit(3)), (0, 1.5, unit(2)))
call("sp.special.eval_jacobi", 3, 1.5, 0.5, unit(3))
call("sp.special.stdtr", 3.5, f(3), options=DOUBLE)
calls("sp.special.chdtr sp.special.chdtrc", (3.5, pos(3)), options=DOUBLE)
call("sp.special.pdtr", 2.0, pos(3), options=DOUBLE)

# scipy.linalg ---------------------------------------------------------------------------------------
calls("sp.linalg.solve", (well(3, 3), f(3)), (well(3, 3), f(3, 2)))
calls("sp.linalg.solve", (spd(3, 3), f(3)), (spd(3, 3), f(3, 2)), assume_a="pos")
call("sp.linalg.solve", spd(3, 3), f(3), lower=True, assume_a="pos")
for lower in (False, True):
    for trans in (0, 1):
        calls("sp.linalg.solve_triangular", (well(3, 3), f(3)), (well(3, 3), f(3, 2)), trans=trans, lower=lower)
        call("sp.linalg.solve_triangular", well(3, 3), f(3), trans=trans, lower=lower, unit_diagonal=True)
    calls("sp.linalg.cho_solve", ((well(3, 3), lower), f(3)), ((well(3, 3), lower), f(3, 2)))
    calls("sp.linalg.cholesky sp.linalg.cho_factor", (spd(3, 3),), lower=lower)
    call("sp.linalg.eigh", spd(3, 3), lower=lower, options={"outputs": ("w",)})  # signs of vectors vary
    call("sp.linalg.eigvalsh", spd(3, 3), lower=lower)
    call("sp.linalg.eigh", spd(3, 3), lower=lower, eigvals_only=True)
call("sp.linalg.svd", f(4, 3), full_matrices=False)
call("sp.linalg.svd", f(4, 3), compute_uv=False)
call("sp.linalg.svdvals", f(4, 3))
call("sp.linalg.qr", f(4, 3), mode="economic")
calls("sp.linalg.inv sp.linalg.det sp.linalg.pinv sp.linalg.expm", (well(3, 3),), (c(2, 2),))
calls("sp.linalg.logm sp.linalg.sqrtm", (spd(3, 3),))
call("sp.linalg.solve_sylvester", well(3, 3), well(2, 2), f(3, 2))
call("sp.linalg.solve_continuous_lyapunov", well(3, 3), f(3, 3))
call("sp.linalg.solve_discrete_lyapunov", f(3, 3) / 5, f(3, 3))
calls("sp.linalg.norm", (f(3),), (f(2, 3),), (f(2, 3), 1))
calls("sp.linalg.block_diag", (f(2, 3), f(1, 2), f(2)), (f(2, 2),))
calls("sp.linalg.circulant", (f(4),))
calls("sp.linalg.toeplitz", (f(4),), (f(3), f(4)))
call("sp.linalg.hankel", f(3), f(4))
call("sp.linalg.khatri_rao", f(2, 3), f(4, 3))

# Runtime functions -----------------------------------------------------------------------------------
calls("rt.quotient", (f(3), pos(3)), (f(2, 3), pos(3)), (c(3), c(3)))
calls("rt.quotient", (f(2), np.zeros(2)), options=NO_DIFFERENCE)
calls("rt.inverse rt.log_or_zero", (pos(3),), (c(3),))
call("rt.finite", f(3))
call("rt.log_share", f(2, 3), f(3))
call("rt.diagonal", f(2, 3))
calls("rt.over_gaps rt.over_square_gaps rt.over_values", (f(3, 3), ascending(3)), (c(3, 3), ascending(3)))
call("rt.over_gaps", c(3, 3), c(3))
call("rt.over_values", f(4, 3), pos(3))
for matrix in (f(3, 3), c(3, 3)):
    calls("rt.hermitian rt.hermitian_bar", (matrix, "L"), (matrix, "U"))
calls("rt.digamma rt.log_ndtr", (pos(),), (-7.3,), (3.0,))

call("np.logaddexp.reduce", f(4))
calls("np.logaddexp.reduce", (f(3, 2), 1), (f(3, 2),), keepdims=True)
call("rt.quantile_weights", f(5), 0.3, 0, "linear", options={"constant": ("x",)})
calls("np.unique_counts np.unique_inverse np.unique_all", (f(4),), (f(2, 3),))
call("sp.linalg.lu", f(3, 3) + 3 * np.eye(3))
call("sp.linalg.lu_factor", f(3, 3) + 3 * np.eye(3))
for trans in (0, 1):
    factors = well(3, 3), np.array([2, 2, 2])
    calls("sp.linalg.lu_solve", (factors, f(3)), (factors, f(3, 2)), trans=trans)
call("np.nan_to_num", np.array([1.0 + 2.0j, complex(nan, 0.5), complex(-0.3, nan)]), options=NO_DIFFERENCE)
call("np.unique_values", c(4), options=KINK | NO_DIFFERENCE)  # their order depends on all bits
call("rt.stretched_to", f(2, 1, 3), (1, 4, 3))
