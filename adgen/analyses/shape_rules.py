"""Result types that follow from the arguments by a simple rule: products, reshapes, constructors, selections."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from adgen.analyses.sizes import Sizes
from adgen.analyses.stand_ins import Argument, NoType, Static, is_number, quietly, stand_in, stand_in_number, symbols_in
from adgen.program.dims import Dim
from adgen.program.types import Array, ListOf, Scalar, Type, type_of_number
from adgen.rules.macros.products import spelt_out
from adgen.rules.registry import registry


def shape_rule(
    function: Any, args: Sequence[Argument], kwargs: Mapping[str, Argument], sizes: Sizes, fresh: str
) -> Type | None:
    """Results whose shape follows from the arguments by a simple rule; None for all others."""
    if args and isinstance(args[0], ListOf):
        return _list_type(function, args, kwargs, fresh)
    if function in (operator.matmul, np.matmul, np.dot) and not kwargs:
        return _matmul_type(function, args, sizes, fresh)
    if function is np.einsum and len(args) > 1 and not set(kwargs) - {"optimize"}:
        return _einsum_type(args[0], args[1:], sizes, fresh)
    if function in (np.reshape, np.broadcast_to, np.zeros, np.ones, np.empty, np.full):
        return _shaped_type(function, args, kwargs, sizes, fresh)
    if function in (np.where, np.clip) and len(args) == 3 and not kwargs and all(map(_is_plain, args)):
        types = [type_of_number(a.value) if isinstance(a, Static) else a for a in args]
        dtype = np.result_type(
            *[
                stand_in_number(t.dtype, t.weak) if not t.rank else np.ones(1, t.dtype)
                for t in types[function is np.where :]
            ]
        )
        shape = sizes.broadcast([t.shape for t in types], fresh)
        return Array(dtype, shape) if shape or function is np.where else Scalar(dtype, weak=False)
    if function is np.digitize and len(args) == 2 and isinstance(args[0], Scalar | Array):
        shape = args[0].shape  # (a trial would need bins in order)
        return Array(np.dtype(np.intp), shape) if shape else Scalar(np.dtype(np.intp), weak=False)
    if function in (np.swapaxes, np.transpose, np.moveaxis):
        return _permuted_type(function, args, kwargs)
    if isinstance(function, FunctionType):
        return _runtime_type(function, args)
    return None


def _permuted_type(function: Any, args: Sequence[Argument], kwargs: Mapping[str, Argument]) -> Type | None:
    """Axes in another order: which goes where is seen on an array whose extents are numbers of axes."""
    x, *others = args
    if not isinstance(x, Array) or not all(isinstance(a, Static) for a in (*others, *kwargs.values())):
        return None
    numbered = np.empty(tuple(range(x.rank)))
    try:
        order = quietly(function, [numbered, *(a.value for a in others)], {k: v.value for k, v in kwargs.items()}).shape
    except Exception as error:  # there is no such axis
        raise NoType(str(error)) from error
    return Array(x.dtype, tuple(x.shape[k] for k in order))


# Runtime functions whose result has the dtype of the first argument and a shape that is an argument, at this place.
SHAPED_LIKE_ARGUMENT = {"rt.sum_to": 1, "rt.stretched_to": 1, "rt.scatter_sum": 2, "rt.spread_diagonal": 1}


def _runtime_type(function: Any, args: Sequence[Argument]) -> Type | None:
    """Results of `adgen.runtime`, whose copies in generated modules are known by their rows."""
    rows = registry().lookup(function)
    position = SHAPED_LIKE_ARGUMENT.get(rows[0][0].callee) if rows else None
    if position is None or not isinstance(args[0], Array | Scalar):
        return None
    dims = _dims_of(args[position])
    return None if dims is None else Array(args[0].dtype, tuple(dims))


def _list_type(function: Any, args: Sequence[Argument], kwargs: Mapping[str, Argument], fresh: str) -> Type | None:
    """An array made of a list whose length is known only at run time."""
    item = args[0].item
    axis = kwargs.get("axis", args[1] if len(args) == 2 and function is np.stack else Static(0))
    place = axis.value if isinstance(axis, Static) and set(kwargs) <= {"axis"} and len(args) <= 2 else None
    if function not in (np.array, np.stack) or not isinstance(place, int) or not isinstance(item, Scalar | Array):
        raise NoType("the length of the list is known only at run time")
    shape = list(item.shape)
    shape.insert(place % (len(shape) + 1), Dim.symbol(f"{fresh}.shape[{place}]"))
    return Array(item.dtype, tuple(shape))


def _is_plain(argument: Argument) -> bool:
    return isinstance(argument, Scalar | Array) or (isinstance(argument, Static) and is_number(argument.value))


def _matmul_type(function: Any, args: Sequence[Argument], sizes: Sizes, fresh: str) -> Type | None:
    a, b = args
    if not (isinstance(a, Array) and isinstance(b, Array)) or not (a.rank and b.rank):
        return None
    if function is np.dot and max(a.rank, b.rank) > 2:
        return None
    sizes.imply(a.shape[-1], b.shape[-2] if b.rank > 1 else b.shape[0])
    stack = sizes.broadcast([s for s in (a.shape[:-2], b.shape[:-2]) if s], fresh)
    shape = stack + a.shape[-2:-1] + (b.shape[-1:] if b.rank > 1 else ())
    dtype = np.result_type(a.dtype, b.dtype)
    return Array(dtype, tuple(map(sizes.reduce, shape))) if shape else Scalar(dtype, weak=False)


def _einsum_type(subscripts: Argument, args: Sequence[Argument], sizes: Sizes, fresh: str) -> Type | None:
    """Extents of one letter agree, or are 1."""
    text = subscripts.value if isinstance(subscripts, Static) else None
    if not isinstance(text, str) or not all(isinstance(a, Array) and a.rank for a in args):
        return None
    try:
        terms, out = spelt_out(text, [a.rank for a in args])
    except ValueError:
        return None
    pairs = [pair for term, a in zip(terms, args, strict=True) for pair in zip(term, a.shape, strict=True)]
    letters = dict.fromkeys(letter for letter, _ in pairs)
    extents = {c: sizes.broadcast([(d,) for letter, d in pairs if letter == c], f"{fresh}.{c}")[0] for c in letters}
    named = {f"{fresh}.{c}.shape[0]": Dim.symbol(f"{fresh}.shape[{k}]") for k, c in enumerate(out)}
    shape = tuple(sizes.reduce(extents[c]).substitute(named) for c in out)
    dtype = np.result_type(*[a.dtype for a in args])
    return Array(dtype, shape) if shape else Scalar(dtype, weak=False)


def _shaped_type(
    function: Any, args: Sequence[Argument], kwargs: Mapping[str, Argument], sizes: Sizes, fresh: str
) -> Type | None:
    """``np.reshape(x, shape)`` and its like: the shape is an argument."""
    position = 0 if function in (np.zeros, np.ones, np.empty, np.full) else 1
    wanted = args[position] if len(args) > position else kwargs.get("shape")
    dims = _dims_of(wanted)
    if dims is None or set(kwargs) - {"shape", "dtype", "order", "copy", "fill_value", "subok", "newshape"}:
        return None
    small = [1 if d != Dim(-1) else -1 for d in dims]
    trial = [a for k, a in enumerate(args) if k != position]
    try:
        values = [
            stand_in(Array(a.dtype, (Dim(1),) * a.rank) if isinstance(a, Array) else a, dict.fromkeys(symbols_in(a), 1))
            for a in trial
        ]
        values.insert(position, tuple(small))
        others = {k: stand_in(v, {}) for k, v in kwargs.items() if k not in ("shape", "newshape")}
        dtype = quietly(function, values, others).dtype
    except Exception as error:  # the function refuses its stand-ins
        raise NoType(str(error)) from error
    shape = tuple(
        _filled_in(d, dims, args[0], sizes, f"{fresh}.shape[{k}]") if d == Dim(-1) else d for k, d in enumerate(dims)
    )
    return Array(dtype, shape)


def _dims_of(wanted: Argument) -> list[Dim] | None:
    """A shape argument as extents."""
    if isinstance(wanted, Static) and isinstance(wanted.value, int | np.integer):
        return [Dim(int(wanted.value))]
    if isinstance(wanted, Scalar) and wanted.kind in "iu" and wanted.value is not None:
        return [wanted.value]
    items = wanted.value if isinstance(wanted, Static) and isinstance(wanted.value, tuple | list) else wanted
    if isinstance(items, tuple | list):
        found = [_dims_of(i if not isinstance(i, int) else Static(i)) for i in items]
        return None if any(f is None or len(f) != 1 for f in found) else [f[0] for f in found if f]
    return None


def _filled_in(dim: Dim, dims: Sequence[Dim], source: Argument, sizes: Sizes, fresh: str) -> Dim:
    """The extent that -1 stands for, where it can be told."""
    del dim
    others = [sizes.reduce(d) for d in dims if d != Dim(-1)]
    have = [sizes.reduce(d) for d in getattr(source, "shape", ())]
    for other in others:
        if other in have:
            have.remove(other)
        elif not other.is_one:
            return Dim.symbol(fresh)
    have = [h for h in have if not h.is_one]
    if not have:
        return Dim(1)
    return have[0] if len(have) == 1 else Dim.symbol(fresh)
