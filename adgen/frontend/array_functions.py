"""NumPy functions about types and sizes, constructors and in-place functions, and the methods of arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from adgen.frontend.values import (
    NONE,
    Const,
    Handle,
    IterVal,
    ListContents,
    RangeVal,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.types import Array, Scalar

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls

from adgen.frontend.handlers import METHODS, Args, Kwargs, handles, method

# ---- NumPy functions about types and sizes, and constructors


@handles(np.shape)
def _np_shape(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.attribute(s.numeric(args[0]), "shape") if not isinstance(s.plain(args[0]), Const) else TupleVal(())


@handles(np.ndim)
def _np_ndim(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return Const(0) if isinstance(s.plain(args[0]), Const) else s.attribute(s.numeric(args[0]), "ndim")


@handles(np.size)
def _np_size(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value = args[0]
    if len(args) > 1:
        return s.plain(s.attribute(s.numeric(value), "shape").items[s.static_value(args[1], "axis")])
    return Const(1) if isinstance(s.plain(value), Const) else s.attribute(s.numeric(value), "size")


@handles(np.isscalar)
def _np_isscalar(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return Const(isinstance(s.type_or_none(s.plain(args[0])), Scalar) or isinstance(args[0], Const))


@handles(np.iscomplexobj)
def _np_iscomplexobj(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    kind = s.type_or_none(s.numeric(args[0]))
    return Const(kind is not None and kind.dtype.kind == "c")


@handles(np.isrealobj)
def _np_isrealobj(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.negation(_np_iscomplexobj(s, args, kwargs, hint))


@handles(np.array)
def _np_array(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _array(s, args, kwargs, hint, fresh=True)


@handles(np.asarray, np.asanyarray, np.asarray_chkfinite)
def _np_asarray(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _array(s, args, kwargs, hint, fresh=False)


@handles(np.ascontiguousarray)
def _np_ascontiguousarray(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _array(s, args, kwargs, hint, fresh=False, function=np.ascontiguousarray)


@handles(np.asfortranarray)
def _np_asfortranarray(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _array(s, args, kwargs, hint, fresh=False, function=np.asfortranarray)


def _array(s: Calls, args: Args, kwargs: Kwargs, hint: str | None, *, fresh: bool, function: Any = np.asarray) -> Value:
    value = args[0]
    dtype = args[1] if len(args) > 1 else kwargs.get("dtype", NONE)
    copies = kwargs.get("copy")
    if isinstance(copies, Const) and not copies.value:
        fresh = False
    if isinstance(value, Handle) and isinstance(s.heap[value.key], Ref):
        value = s.heap[value.key]
    least = s.static_value(kwargs["ndmin"], "ndmin") if "ndmin" in kwargs else 0
    rank = getattr(s.type_or_none(s.argument(value)), "rank", 0)
    if least > rank:
        plain = _array(s, args, {k: v for k, v in kwargs.items() if k != "ndmin"}, None, fresh=fresh)
        shape = s.attribute(plain, "shape")
        assert isinstance(shape, TupleVal)
        padded = TupleVal((Const(1),) * (least - len(shape.items)) + shape.items)
        return s.call(Const(np.reshape), (plain, padded), {}, hint)
    wanted = None if isinstance(dtype, Const) and dtype.value is None else np.dtype(s.static_value(dtype, "dtype"))
    if isinstance(value, Ref) and isinstance(value.type, Array):
        if wanted is not None and wanted != value.type.dtype:
            return s.astype(value, wanted, hint)
        if fresh:
            return s.residual_call("np.copy", np.copy, (value,), {}, hint)
        if function in (np.ascontiguousarray, np.asfortranarray):
            return s.residual_call(f"np.{function.__name__}", function, (value,), {}, hint)
        return value
    if isinstance(value, IterVal | RangeVal):
        value = s.argument(value)
    named: dict[str, Value] = {} if wanted is None else {"dtype": Const(wanted)}
    return s.residual_call("np.array", np.array, (s.argument(value),), named, hint)


def _type_function(function: Any) -> Any:
    def handler(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        return s.static_call(function, args, kwargs)

    return handler


for _function in (np.finfo, np.iinfo, np.dtype, np.promote_types, np.issubdtype, np.can_cast):
    handles(_function)(_type_function(_function))


# ---- functions that make functions


@handles(np.vectorize)
def _vectorize(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    given = dict(zip(("pyfunc", "otypes", "doc", "excluded", "cache", "signature"), args, strict=False)) | kwargs
    excluded, signature = (given.get(name, NONE) for name in ("excluded", "signature"))
    return s.vectorized(given["pyfunc"], s.real_value(excluded), s.real_value(signature))


# ---- in-place functions


@handles(np.copyto)
def _copyto(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    mask = kwargs.get("where")
    value = args[1] if mask is None else s.call(Const(np.where), (mask, args[1], args[0]), {})
    s.store_item(args[0], Const(Ellipsis), value)
    return NONE


@handles(np.nan_to_num)
def _nan_to_num(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    others = {k: v for k, v in kwargs.items() if k != "copy"}
    made = s.residual_call("np.nan_to_num", np.nan_to_num, args, others, hint)
    if s.static_value(kwargs.get("copy", Const(True)), "copy"):
        return made
    s.store_item(args[0], Const(Ellipsis), made)
    return args[0]


@handles(np.fill_diagonal)
def _fill_diagonal(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    given = dict(zip(("a", "val", "wrap"), args, strict=False)) | kwargs
    array, value = given["a"], given["val"]
    rank = s.type_of(array).rank
    if s.static_value(given.get("wrap", Const(False)), "wrap") and rank == 2:
        s.call(Const(fill_wrapped), (array, value), {})
        return NONE
    rows = s.call(Const(np.arange), (_smaller_side(s, array),), {})
    s.store_item(array, TupleVal((rows,) * rank), _repeated(s, value, s.attribute(rows, "shape")))
    return NONE


def fill_wrapped(array: Any, value: Any) -> None:
    """The diagonal goes on below, after a row of nothing."""
    columns = array.shape[1]
    places = np.arange(0, array.size, columns + 1)
    array[places // columns, places % columns] = np.resize(value, places.shape)


def _repeated(s: Calls, value: Value, shape: Value) -> Value:
    """Values by position, from the first again if they are too few."""
    value = s.argument(value)
    if isinstance(value, Const) or isinstance(s.type_or_none(value), Scalar):
        return value
    array = s.numeric(value)
    known = s.type_of(array)
    assert isinstance(shape, TupleVal)
    wanted = [getattr(s.type_or_none(s.plain(v)), "value", None) for v in shape.items]
    if known.rank == 1 == len(wanted) and wanted[0] is not None and s.sizes.provably_equal(known.shape[0], wanted[0]):
        return array
    return s.call(Const(np.resize), (array, shape), {})


def _smaller_side(s: Calls, array: Value) -> Value:
    sides = [s.plain(v) for v in s.attribute(array, "shape").items]
    if len(sides) > 2 or s.sizes.provably_equal(*(s.type_or_none(v).value for v in sides)):
        return sides[0]
    return s.call(Const(min), tuple(sides), {})


@handles(np.put)
def _np_put(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    given = dict(zip(("a", "ind", "v", "mode"), args, strict=False)) | kwargs
    array, mode = s.plain(given["a"]), s.static_value(given.get("mode", Const("raise")), "mode")
    one = isinstance(given["ind"], Const)
    places = given["ind"] if one else s.call(Const(np.asarray), (given["ind"],), {})
    if mode != "raise" or s.type_of(array).rank > 1:
        size = s.attribute(array, "size")
        places = s.call(Const(placed), (places, size, Const(mode)), {})
    value = given["v"] if one else _repeated(s, given["v"], s.attribute(places, "shape"))
    if s.type_of(array).rank > 1:
        places = s.call(Const(np.unravel_index), (places, s.attribute(array, "shape")), {})
    s.store_item(array, places, value)
    return NONE


def placed(places: Any, size: int, mode: str) -> Any:
    """Positions inside; with mode 'raise' those that count from the end, counted from the front."""
    if mode == "wrap":
        return places % size
    return np.clip(places, 0, size - 1) if mode == "clip" else np.where(places < 0, places + size, places)


# ---- methods of arrays


def _as_function(function: Any) -> Any:
    def handler(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        return s.call(Const(function), (array, *args), kwargs, hint)

    return handler


for _name in (
    "all any argmax argmin argsort clip conj conjugate copy cumprod cumsum diagonal max mean min "
    "nonzero prod ptp ravel repeat round searchsorted squeeze std sum swapaxes take trace var dot choose"
).split():
    METHODS["array"][_name] = _as_function(getattr(np, _name))


@method("array", "compress")
def _compress(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    condition, *rest = args
    return s.call(Const(np.compress), (condition, array, *rest), kwargs, hint)


@method("array", "view")
def _view(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if args or kwargs:
        s.refuse(
            "no-method",
            "an array is seen as one of another type",
            reason="its bits mean other numbers there.",
            remedy="x.astype(dtype)",
        )
    return s.subscript(array, Const(Ellipsis), hint)


@method("array", "reshape")
def _reshape(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    shape = args[0] if len(args) == 1 else TupleVal(args)
    return s.call(Const(np.reshape), (array, shape), kwargs, hint)


@method("array", "transpose")
def _transpose(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if not args or (isinstance(args[0], Const) and args[0].value is None):
        assert isinstance(array, Ref)
        return s.transposed(array, "T", hint)
    axes = args[0] if len(args) == 1 else TupleVal(args)
    return s.call(Const(np.transpose), (array, axes), kwargs, hint)


@method("array", "flatten")
def _flatten(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.call(Const(np.copy), (s.call(Const(np.ravel), (array, *args), kwargs),), {}, hint)


@method("array", "astype")
def _astype(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    wanted = np.dtype(s.static_value(args[0] if args else kwargs["dtype"], "dtype"))
    copies = kwargs.get("copy")
    if copies is not None and not s.static_value(copies, "copy") and wanted == s.type_of(array).dtype:
        return array
    return s.astype(array, wanted, hint)


@method("array", "item")
def _item(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if isinstance(array, Ref) and isinstance(array.type, Scalar):
        return array
    return s.subscript(array, args[0] if len(args) == 1 else TupleVal(args), hint) if args else s.item(array)


@method("array", "tolist")
def _tolist(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if isinstance(array, Ref) and isinstance(array.type, Scalar):
        return array
    items = s.iterate_static(array)
    return s.allocate(ListContents(tuple(_tolist(s, i, (), {}, None) for i in items)))


@method("array", "fill")
def _fill(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.store_item(array, Const(Ellipsis), args[0])
    return NONE


@method("array", "sort")
def _sort(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.store_item(array, Const(Ellipsis), s.call(Const(np.sort), (array, *args), kwargs))
    return NONE


@method("array", "partition")
def _partition(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.store_item(array, Const(Ellipsis), s.call(Const(np.partition), (array, *args), kwargs))
    return NONE


@method("array", "put")
def _put(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _np_put(s, (array, *args), kwargs, hint)
