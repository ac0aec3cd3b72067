"""Types of results, by trial: the function itself is called on small stand-ins.

Extents are found by calling with three sets of sizes and solving for the affine extent that
explains all three; dtype, rank and structure come from the result.  Elementwise functions
take a direct way, so that broadcasting is decided (and recorded) in one place, `Sizes`.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from adgen.analyses.shape_rules import shape_rule
from adgen.analyses.sizes import Sizes
from adgen.analyses.stand_ins import (
    STAND_IN_SIZES,
    Argument,
    NoType,
    Static,
    extents_in,
    is_number,
    number_function_type,
    pin_sizes,
    quietly,
    stand_in,
    stand_in_number,
    symbols_in,
)
from adgen.analyses.trial_sizes import representatives_of, sizes_of_trial, trials
from adgen.program.dims import Dim
from adgen.program.types import INT, Array, ListOf, Opaque, Scalar, TupleOf, Type, type_of_number
from adgen.rules.registry import resolve

OPERATOR_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "Pow": operator.pow,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
    "MatMult": operator.matmul,
    "USub": operator.neg,
    "UAdd": operator.pos,
    "Not": operator.not_,
    "Invert": operator.invert,
    "LShift": operator.lshift,
    "RShift": operator.rshift,
    "BitAnd": operator.and_,
    "BitOr": operator.or_,
    "BitXor": operator.xor,
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "Is": operator.is_,
    "IsNot": operator.is_not,
}
ELEMENTWISE_OPERATORS = frozenset(map(id, (f for n, f in OPERATOR_FUNCTIONS.items() if n != "MatMult")))


# Functions that raise an error unless extents agree: what they were called with is a fact.
STRICT = frozenset(
    map(
        id,
        (
            operator.matmul,
            np.dot,
            np.vdot,
            np.linalg.solve,
            np.linalg.inv,
            np.linalg.det,
            np.linalg.cholesky,
            np.linalg.eigh,
            np.linalg.slogdet,
            np.linalg.matrix_power,
        ),
    )
)


OF_EIGENVALUES = frozenset(map(id, (np.linalg.eig, np.linalg.eigvals, resolve("rt.right_vectors"))))


def is_elementwise(function: Any) -> bool:
    return id(function) in ELEMENTWISE_OPERATORS or (isinstance(function, np.ufunc) and function.signature is None)


def result_type(
    function: Any,
    args: Sequence[Argument],
    kwargs: Mapping[str, Argument],
    sizes: Sizes,
    fresh: str,
) -> Type:
    """Type of ``function(*args, **kwargs)``; unknown extents are named after the variable `fresh`."""
    if (
        is_elementwise(function)
        and not kwargs
        and all(isinstance(a, Scalar | Array) or (isinstance(a, Static) and is_number(a.value)) for a in args)
    ):
        return _elementwise_type(function, args, sizes, fresh)
    if getattr(function, "__module__", None) == "math" and not kwargs:
        found = number_function_type(function, tuple(args))
        if found is not None:
            return found
    known = shape_rule(function, args, kwargs, sizes, fresh)
    if known is not None:
        return known
    return _trial_type(function, args, kwargs, sizes, fresh)


def _elementwise_type(function: Any, args: Sequence[Argument], sizes: Sizes, fresh: str) -> Type:
    types = [type_of_number(a.value) if isinstance(a, Static) else a for a in args]
    result = _elementwise_dtype(
        function,
        tuple((t.dtype, t.weak, t.rank > 0) for t in types),
        tuple(a.value if isinstance(a, Static) and isinstance(a.value, int) else None for a in args),
    )
    ranked = [t.shape for t in types if t.rank]
    if not ranked and not any(isinstance(t, Array) for t in types):
        if isinstance(result, TupleOf):
            return result
        assert isinstance(result, Scalar)
        return replace(result, value=_int_value(function, types)) if result.kind == "i" else result
    shape = sizes.broadcast(ranked, fresh)
    if isinstance(result, TupleOf):
        return TupleOf(tuple(Array(t.dtype, shape) for t in result.items if isinstance(t, Scalar)))
    assert isinstance(result, Scalar)
    return Array(result.dtype, shape) if shape else Scalar(result.dtype, weak=False)


def _int_value(function: Any, types: Sequence[Any]) -> Dim | None:
    values = [t.value for t in types if isinstance(t, Scalar) and t.value is not None]
    if len(values) < len(types):
        return None
    if function is operator.neg:
        return -values[0]
    if function in (operator.add, operator.sub):
        return function(*values)
    if function is operator.mul and (values[0].is_const or values[1].is_const):
        a, b = values if values[1].is_const else reversed(values)
        return a * b.const
    return None


@functools.lru_cache(maxsize=4096)
def _elementwise_dtype(
    function: Any, kinds: tuple[tuple[np.dtype, bool, bool], ...], values: tuple[int | None, ...]
) -> Type:
    stand_ins = [
        stand_in_number(dtype, weak, value) if not ranked else np.ones(1, dtype)
        for (dtype, weak, ranked), value in zip(kinds, values, strict=True)
    ]
    result = quietly(function, stand_ins, {})

    def as_scalar(r: Any) -> Scalar:
        return type_of_number(r.dtype.type(0)) if isinstance(r, np.ndarray) else type_of_number(r)

    if isinstance(result, tuple):
        return TupleOf(tuple(map(as_scalar, result)))
    if not is_number(result) and not isinstance(result, np.ndarray):
        return Opaque(type(result).__name__)
    return replace(as_scalar(result), value=None)


def _trial_type(
    function: Any,
    args: Sequence[Argument],
    kwargs: Mapping[str, Argument],
    sizes: Sizes,
    fresh: str,
) -> Type:
    found = _explained(function, args, kwargs, sizes, fresh)
    if isinstance(found, Exception) and pin_sizes(args, kwargs, sizes):
        found = _explained(function, args, kwargs, sizes, fresh)
    if isinstance(found, Exception):
        exact = _exact_type(function, args, kwargs, sizes, fresh)
        if exact is None:
            raise NoType(str(found)) from found
        found = exact
    if id(function) in OF_EIGENVALUES:
        found = complexified(found)
    if function is np.linalg.lstsq and isinstance(found, TupleOf):  # no residuals without full rank
        items = found.items
        return TupleOf((items[0], _unsized(items[1], f"{fresh}[1]"), *items[2:]))
    found = _unsized(found, fresh) if sized_by_values(function, args, kwargs) else found
    if id(function) in ONE_LENGTH and isinstance(found, TupleOf):
        return TupleOf((found.items[0],) * len(found.items))
    return found


def _reduced(args: Sequence[Argument], kwargs: Mapping[str, Argument], sizes: Sizes) -> dict[str, Dim]:
    symbols = list(dict.fromkeys(symbols_in(list(args)) + symbols_in(list(kwargs.values()))))
    return {s: sizes.reduce(Dim.symbol(s)) for s in symbols}


def _explained(
    function: Any, args: Sequence[Argument], kwargs: Mapping[str, Argument], sizes: Sizes, fresh: str
) -> Type | Exception:
    """The type that explains three trial calls; what the function raised if no sizes suit it."""
    reduced = _reduced(args, kwargs, sizes)
    free = list(dict.fromkeys(s for d in reduced.values() for s in d.symbols))
    failure: Exception = NoType("no sizes to try")
    given = (*args, *kwargs.values())
    extents = [sizes.reduce(d) for d in extents_in(given)]
    unknown = any(isinstance(a, Scalar) and a.kind in "iu" and a.value is None for a in given)
    for size in STAND_IN_SIZES:
        for classes, counts in trials(free, extents, sizes, unknown=unknown):
            try:
                runs = [
                    _run(function, args, kwargs, reduced, classes, base, size, count)
                    for base, count in enumerate(counts)
                ]
            except Exception as error:  # whatever the user's function raises on stand-ins  # noqa: BLE001
                failure = error if type(failure) is NoType else failure
                continue
            if id(function) in STRICT:
                for symbol, other in classes.items():
                    sizes.imply(Dim.symbol(symbol), Dim(int(other)) if other.isdigit() else Dim.symbol(other))
            return _explain(tuple(runs), representatives_of(classes), fresh)
        if not isinstance(failure, ValueError):
            break
    return failure


def complexified(type_: Type) -> Type:
    """Eigenvalues of a real matrix are real or complex as its values have it, so they are taken as complex."""
    match type_:
        case Array(dtype, shape):
            return Array(np.result_type(dtype, np.complex64), shape)
        case TupleOf(items):
            return TupleOf(tuple(map(complexified, items)))
    return type_


# Functions whose results are the indices of the same elements, axis by axis.
ONE_LENGTH = frozenset(
    map(id, (np.nonzero, np.tril_indices, np.tril_indices_from, np.triu_indices, np.triu_indices_from))
)


SIZED_BY_VALUES = frozenset(
    map(
        id,
        (
            np.unique, np.unique_values, np.unique_counts, np.unique_inverse, np.unique_all, np.nonzero, np.flatnonzero,
            np.argwhere, np.compress, np.extract, np.trim_zeros, np.intersect1d, np.union1d, np.setdiff1d,
            np.setxor1d, np.bincount, np.roots, np.delete, np.ma.compress,
        ),
    )
)  # fmt: skip


def sized_by_values(function: Any, args: Sequence[Argument], kwargs: Mapping[str, Argument]) -> bool:
    """Whether extents of a result depend on the values of arguments, which stand-ins do not tell."""
    given = [*args, *kwargs.values()]
    if function is np.repeat:
        return any(isinstance(a, Array) for a in given[1:])
    if function is np.arange:
        return any(isinstance(a, Scalar) and (a.kind == "f" or a.value is None) for a in given)
    if function is np.delete:
        return any(isinstance(a, Array) for a in given[1:])
    return id(function) in SIZED_BY_VALUES


def _unsized(type_: Type, fresh: str) -> Type:
    """The type with extents that are known only at run time."""
    match type_:
        case Array(dtype, shape):
            return Array(dtype, tuple(Dim.symbol(f"{fresh}.shape[{k}]") for k in range(len(shape))))
        case TupleOf(items):
            return TupleOf(tuple(_unsized(t, f"{fresh}[{k}]") for k, t in enumerate(items)))
    return type_


def _exact_type(
    function: Any, args: Sequence[Argument], kwargs: Mapping[str, Argument], sizes: Sizes, fresh: str
) -> Type | None:
    """The last resort: the sizes of the call at hand.

    Small extents, which may decide the structure of the result (3 for a cross product), become part of what the code is
    generated for, and the trials are made again.  If those fail too, extents of the result are new symbols.
    """
    values = {s: v for s, d in _reduced(args, kwargs, sizes).items() if (v := sizes.value(d)) is not None}
    small = {s: v for s, v in values.items() if v <= 4 and s in sizes.entry_symbols}
    for symbol, value in small.items():
        sizes.assume(Dim.symbol(symbol), value)
    if small and not isinstance(found := _explained(function, args, kwargs, sizes, fresh), Exception):
        return found
    reduced = _reduced(args, kwargs, sizes)
    values = {s: v for s, d in reduced.items() if (v := sizes.value(d)) is not None}
    if len(values) < len(reduced) or any(v > 4096 for v in values.values()):
        return None
    for size in STAND_IN_SIZES:
        try:
            result = quietly(
                function,
                [stand_in(a, values, size) for a in args],
                {k: stand_in(a, values, size) for k, a in kwargs.items()},
            )
        except Exception:  # whatever the function raises, it has no type  # noqa: BLE001, S112
            continue
        return _renamed(_explain((result, result, result), [], fresh), fresh)
    return None


def _renamed(type_: Type, fresh: str) -> Type:
    match type_:
        case Array(dtype, shape):
            named = (d if d.is_one else Dim.symbol(f"{fresh}.shape[{k}]") for k, d in enumerate(shape))
            return Array(dtype, tuple(named))
        case TupleOf(items):
            return TupleOf(tuple(_renamed(t, f"{fresh}[{k}]") for k, t in enumerate(items)))
    return type_


def _run(
    function: Any,
    args: Any,
    kwargs: Any,
    reduced: dict[str, Dim],
    classes: dict[str, str],
    base: int,
    size: float,
    count: int,
) -> Any:
    numbers = sizes_of_trial(representatives_of(classes), base) | {c: int(c) for c in classes.values() if c.isdigit()}
    values = {s: d.evaluate(lambda t: numbers[classes[t]]) for s, d in reduced.items()}
    return quietly(
        function,
        [stand_in(a, values, size, count) for a in args],
        {k: stand_in(a, values, size, count) for k, a in kwargs.items()},
    )


def _explain(runs: tuple[Any, ...], representatives: list[str], fresh: str) -> Type:
    first = runs[0]
    if isinstance(first, tuple | list) and not isinstance(first, np.ndarray):
        if len({len(r) for r in runs}) > 1:
            return ListOf(_explain(tuple(r[0] for r in runs), representatives, fresh)) if all(runs) else ListOf(None)
        return TupleOf(
            tuple(_explain(tuple(r[k] for r in runs), representatives, f"{fresh}[{k}]") for k in range(len(first)))
        )
    if isinstance(first, np.ndarray):
        if first.dtype == object or first.dtype.kind in "SUV":
            return Opaque("object array")
        shape = tuple(
            _affine(tuple(r.shape[k] for r in runs), representatives, f"{fresh}.shape[{k}]") for k in range(first.ndim)
        )
        return Array(first.dtype, shape)
    if is_number(first):
        result = type_of_number(first)
        if result.kind in "iu":
            return replace(result, value=None)
        return result
    return Opaque(type(first).__name__)


def _affine(values: tuple[int, ...], representatives: list[str], fresh: str) -> Dim:
    """The extent that is `values` in the three trial runs; a new symbol if none explains them."""
    a, b, c = values
    if a == b == c:
        return Dim(a)
    tables = [sizes_of_trial(representatives, k) for k in range(3)]
    for combination in _candidates(representatives):
        offset = a - sum(tables[0][s] for s in combination)
        if all(v == offset + sum(t[s] for s in combination) for v, t in zip((b, c), tables[1:], strict=True)):
            total = Dim(offset)
            for symbol in combination:
                total = total + Dim.symbol(symbol)
            return total
    return Dim.symbol(fresh)


def _candidates(representatives: list[str]) -> list[tuple[str, ...]]:
    singles = [(s,) for s in representatives]
    pairs = [(s, t) for i, s in enumerate(representatives) for t in representatives[i:]]
    triples = [(s, t, u) for s, t in pairs for u in representatives] if len(representatives) <= 4 else []
    return singles + pairs + triples


def int_type(value: Dim) -> Scalar:
    return replace(INT, value=value)
