# ruff: noqa: ANN001, ANN201  (functions at the end are specialised from their source, for any types)
"""Methods of ufuncs without rows of their own: ``np.add.at``, ``np.power.outer``, ``np.maximum.reduce``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.frontend.handlers import Args, Kwargs, handles
from adgen.frontend.state import load
from adgen.frontend.values import NONE, Const, Ref, Value
from adgen.program.accumulation import AddAt, SubAt
from adgen.program.types import Array

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls

SAME_REDUCTION = {
    np.multiply.reduce: np.prod,
    np.maximum.reduce: np.max,
    np.minimum.reduce: np.min,
    np.logical_and.reduce: np.all,
    np.logical_or.reduce: np.any,
    np.multiply.accumulate: np.cumprod,
}


def _reduction(function: Any) -> Any:
    def handler(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        if len(args) == 1:
            kwargs = {"axis": Const(0), **kwargs}
        return s.call(Const(function), args, kwargs, hint)

    return handler


for _method, _function in SAME_REDUCTION.items():
    handles(_method)(_reduction(_function))


@handles(np.add.at)
def _add_at(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return accumulate(s, gast.Add(), AddAt(), *args)


@handles(np.subtract.at)
def _subtract_at(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return accumulate(s, gast.Sub(), SubAt(), *args)


def accumulate(
    s: Calls, plain: gast.operator, repeated: gast.operator, base: Value, index: Value, value: Value
) -> Value:
    """``a[i] += v``, where repeated indices may not be folded into one."""
    array, index = s.plain(base), s.static_index(index)
    if not (isinstance(array, Ref) and isinstance(array.type, Array)):
        s.refuse(
            "not-writable", "this can't be written into", reason="it is no array of the function.", remedy="an array"
        )
    value = s.numeric(value)
    if isinstance(value, Ref) and value.name == array.name:
        value = s.call(Const(np.copy), (value,), {})
    if not s.picks(index):
        s.augment_array(array, index, plain, value)
        return NONE
    s.check_stored_dtype(array, value)
    s.indexed_type(array.type, index, "stored")
    target = gast.Subscript(load(array.name), s.index_expression(index), gast.Store())
    s.emit(gast.AugAssign(target, repeated, s.atom(value)))
    return NONE


def multiply_each(a, i, v):
    for k in range(i.shape[0]):
        a[i[k]] *= v[k]


def multiply_all(a, i, v):
    for k in range(i.shape[0]):
        a[i[k]] *= v


def divide_each(a, i, v):
    for k in range(i.shape[0]):
        a[i[k]] /= v[k]


def divide_all(a, i, v):
    for k in range(i.shape[0]):
        a[i[k]] /= v


LOOPS = {np.multiply.at: (multiply_all, multiply_each), np.divide.at: (divide_all, divide_each)}


def _loop(functions: tuple[Any, Any]) -> Any:
    def handler(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        """Factors of repeated indices multiply up one by one, so they are taken one by one."""
        array, index, value = s.plain(args[0]), s.static_index(args[1]), s.numeric(args[2])
        picked = isinstance(index, Ref) and isinstance(index.type, Array) and index.type.dtype.kind in "iu"
        ranks = [getattr(s.type_or_none(v), "rank", 0) for v in (array, index, value)]
        if not picked or ranks[1] != 1 or ranks[2] not in (0, ranks[0]):
            s.refuse(
                "ufunc-at",
                "this index of a ufunc's `at` is not supported",
                reason="only one array of integers, of rank 1, is.",
                remedy="a loop over the elements",
            )
        return s.call(Const(functions[1 if ranks[2] else 0]), (array, index, value), {})

    return handler


for _method, _functions in LOOPS.items():
    handles(_method)(_loop(_functions))
