"""What Numba takes as it stands.

Every form is compiled by a test (tests/lower), and so is every form that is lowered: an upgrade of Numba tells
which respellings became needless.  What is not listed is respelled, or called in object mode.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping
from typing import Any

import gast
import numpy as np

from adgen.lower.trees import MISSING, is_static, static
from adgen.program.types import Array, Scalar, TupleOf, Type
from adgen.rules.definitions.ufuncs import METHODS as UFUNC_METHODS

# Parameters that may be given; axes are known numbers.
FORMS = """
sum a axis | prod a | max a | min a | amax a | amin a | mean a | var a | std a | median a | ptp a
argmax a axis | argmin a axis | any a | all a | nansum a | nanmax a | nanmin a | nanmean a | count_nonzero a
cumsum a axis | cumprod a | diff a n
expand_dims a axis | swapaxes a axis1 axis2 | moveaxis a source destination | transpose a axes | ravel a
atleast_1d arys | broadcast_to array shape | copy a | asarray a | ascontiguousarray a
flip m | fliplr m | flipud m | roll a shift | repeat a repeats
concatenate arrays axis | stack arrays axis | hstack tup | vstack tup | column_stack tup | append arr values
where condition x y | isclose a b | allclose a b
dot a b | vdot a b | outer a b | kron a b | trace a offset
zeros shape dtype | ones shape dtype | empty shape dtype | full shape fill_value dtype
zeros_like a dtype | ones_like a dtype | empty_like prototype dtype | full_like a fill_value dtype
eye N M k dtype | identity n | arange start_or_stop stop step dtype | linspace start stop num
diag v k | diagflat v k | tril m k | triu m k | tri N | vander x N increasing
sort a | argsort a kind | searchsorted a v side | take a indices axis | interp x xp fp
digitize x bins right | convolve a v mode | correlate a v mode | bincount x weights minlength | unique ar
nonzero a | flatnonzero a
shape a | size a | array object dtype | real val | imag val | angle z | iscomplexobj x | nan_to_num x | sinc x
round a | linalg.solve a b | linalg.inv a | linalg.det a | linalg.slogdet a | linalg.cholesky a | linalg.eigh a
linalg.eigvalsh a | linalg.qr a | linalg.svd a full_matrices | linalg.pinv a | linalg.matrix_power a n
linalg.norm x ord | linalg.eig a | linalg.eigvals a
"""

UFUNCS = frozenset(
    """add subtract multiply divide true_divide floor_divide remainder mod fmod power float_power negative positive
    absolute abs fabs sign conj conjugate exp exp2 expm1 log log2 log10 log1p sqrt square cbrt reciprocal sin cos tan
    arcsin arccos arctan asin acos atan arctan2 atan2 hypot sinh cosh tanh arcsinh arccosh arctanh asinh acosh atanh
    degrees radians deg2rad rad2deg floor ceil trunc rint maximum minimum fmax fmin copysign nextafter ldexp
    isnan isinf isfinite signbit logaddexp logaddexp2 greater greater_equal less less_equal equal not_equal
    logical_and logical_or logical_not logical_xor bitwise_and bitwise_or bitwise_xor invert pow""".split()
)

MATH = frozenset(
    """acos acosh asin asinh atan atan2 atanh ceil copysign cos cosh degrees erf erfc exp expm1 fabs floor frexp
    gamma hypot isfinite isinf isnan ldexp lgamma log log10 log1p log2 pow radians sin sinh sqrt tan tanh trunc
    gcd""".split()
)
CMATH = frozenset(
    """acos acosh asin asinh atan atanh cos cosh exp isfinite isinf isnan log log10 phase polar rect sin sinh sqrt
    tan tanh""".split()
)
BUILTINS = frozenset("abs bool complex float int len max min range round slice".split())
TYPES = frozenset(
    "float32 float64 complex64 complex128 int64 int32 int8 int16 uint8 uint16 uint32 uint64 bool_".split()
)
METHODS = frozenset("copy astype append pop item".split())
EXCEPTIONS = frozenset(
    "ValueError RuntimeError ArithmeticError IndexError AssertionError ZeroDivisionError Exception".split()
)

# Functions whose first argument is an array, not a number.
ARRAYS = frozenset(
    "expand_dims swapaxes moveaxis transpose ravel flip roll repeat diag trace tril triu sort argsort".split()
)
NARROW: Mapping[str, int] = {"flip": 1, "roll": 1, "diff": 2, "sort": 1, "argsort": 1, "repeat": 1, "searchsorted": 1}


@functools.cache
def forms() -> dict[str, tuple[str, ...]]:
    """Parameters that each function may be given."""
    listed = [f.split() for f in FORMS.replace("\n", "|").split("|") if f.strip()]
    return {words[0]: tuple(words[1:]) for words in listed}


@functools.lru_cache(maxsize=512)
def _parameters(function: Any) -> tuple[inspect.Parameter, ...] | None:
    try:
        return tuple(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        method = (
            UFUNC_METHODS.get(function.__name__) if isinstance(getattr(function, "__self__", None), np.ufunc) else None
        )
        return None if method is None else tuple(inspect.signature(method).parameters.values())[1:]


def bind(function: Any, node: gast.Call) -> dict[str, Any] | None:
    """Arguments by the function's own names, those that are defaults left out; None if Python does not tell."""
    parameters = _parameters(function)
    if parameters is None or any(isinstance(a, gast.Starred) for a in node.args):
        return None
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), None)
    bound: dict[str, Any] = {}
    if len(node.args) > len(positional):
        if rest is None:
            return None
        bound[rest] = tuple(node.args[len(positional) :])
    bound |= {p.name: a for p, a in zip(positional, node.args, strict=False)}
    bound |= {k.arg: k.value for k in node.keywords}
    defaults = {p.name: p.default for p in parameters}
    return {k: v for k, v in bound.items() if not _is_default(v, defaults.get(k, MISSING), k)}


def _is_default(node: Any, default: Any, key: str) -> bool:
    if isinstance(node, tuple):
        return False
    value = static(node)
    if value is MISSING:
        return False
    if value is None or (key == "keepdims" and value is False):
        return default is None or default is MISSING or type(default).__name__ == "_NoValueType"
    return type(value) is type(default) and value == default


def is_native(path: str, bound: Mapping[str, Any] | None, type_of: Any) -> bool:
    """Whether Numba compiles this call of a function of NumPy or `math`; `type_of` tells types of arguments."""
    root, _, function = path.partition(".")
    if root in ("math", "cmath"):
        return function in (MATH if root == "math" else CMATH)
    if not function:
        return path in BUILTINS | EXCEPTIONS
    if root != "np":
        return False
    if function in TYPES:
        return True
    if bound is None:
        return False
    if function in UFUNCS:
        return set(bound) <= {"x", "x1", "x2", "x3"}
    known = forms().get(function)
    if known is None or not set(bound) <= set(known):
        return False
    return _axes_known(function, bound) and _ranks_fit(function, bound, type_of)


def _axes_known(function: str, bound: Mapping[str, Any]) -> bool:
    for key in ("axis", "axis1", "axis2", "source", "destination", "axes"):
        if key in bound and not isinstance(static(bound[key]), int | tuple):
            return False
    axis = static(bound["axis"]) if "axis" in bound else None
    if isinstance(axis, tuple) and function != "sum":
        return False
    return not any(isinstance(static(bound[k]), tuple) for k in ("source", "destination") if k in bound)


def _ranks_fit(function: str, bound: Mapping[str, Any], type_of: Any) -> bool:
    arguments = list(bound.values())
    types: list[Type | None] = [None if is_static(a) else type_of(a) for a in arguments if not isinstance(a, tuple)]
    first = types[0] if types else None
    rank = first.rank if isinstance(first, Array) else 0
    if function.startswith("linalg."):
        return _are_matrices(function, first, types)
    if function in ("dot", "vdot"):
        return _same_floats(types, 2 if function == "dot" else 1)
    if function in ("array", "asarray"):
        return isinstance(first, Array | Scalar) or _of_numbers(arguments[0], type_of)
    if function in ARRAYS and not isinstance(first, Array):
        return False
    if function in NARROW and rank > NARROW[function]:
        return False
    if function in ("concatenate", "stack", "hstack", "vstack", "column_stack"):
        return isinstance(arguments[0], gast.Tuple) and _same_arrays([type_of(e) for e in arguments[0].elts])
    if function in ("full", "linspace"):
        return not any(isinstance(t, Array) and t.rank for t in types)
    if function in ("diag", "outer", "kron", "trace"):
        return rank <= 2
    if function in ("tril", "triu"):
        return rank == 2
    return True


def _are_matrices(function: str, first: Type | None, types: list[Type | None]) -> bool:
    arrays = [t for t in types if isinstance(t, Array)]
    if not isinstance(first, Array) or any(t.dtype.kind not in "fc" for t in arrays):
        return False
    if function in ("linalg.eig", "linalg.eigvals"):  # of real matrices, Numba refuses complex eigenvalues
        return first.rank == 2 and first.dtype.kind == "c"
    if function == "linalg.norm":
        return first.rank <= 2 and first.dtype.kind in "fc"
    return first.rank == 2 and all(t.rank <= 2 and t.dtype == first.dtype for t in arrays)


def _same_floats(types: list[Type | None], rank: int) -> bool:
    arrays = [t for t in types if isinstance(t, Array) and 1 <= t.rank <= rank and t.dtype.kind in "fc"]
    return len(arrays) == len(types) and len({t.dtype for t in arrays}) == 1


def _same_arrays(types: list[Type | None]) -> bool:
    return bool(types) and all(isinstance(t, Array) and t.rank > 0 for t in types)


def _of_numbers(node: gast.AST, type_of: Any) -> bool:
    """Displays of numbers: a list, or a list of lists."""
    if isinstance(node, gast.List | gast.Tuple):
        inner = [isinstance(e, gast.List | gast.Tuple) for e in node.elts]
        if any(inner):
            return all(inner) and all(_of_numbers(e, type_of) for e in node.elts)
        return bool(node.elts) and all(isinstance(type_of(e), Scalar) for e in node.elts)
    return isinstance(type_of(node), TupleOf)
