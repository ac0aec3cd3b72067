"""Methods of ufuncs without rows of their own: ``np.add.at``, ``np.power.outer``, ``np.maximum.reduce``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.frontend.handlers import Args, Kwargs, handles
from adgen.frontend.nodes import load
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
