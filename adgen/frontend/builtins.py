"""Builtins, array methods and container methods, in terms of the specialiser's own operations."""

from __future__ import annotations

import copy
import functools
import itertools
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.frontend.state import load
from adgen.frontend.values import (
    NONE,
    Const,
    DictContents,
    FunctionVal,
    Handle,
    IterVal,
    ListContents,
    MethodVal,
    PartialVal,
    RangeVal,
    Ref,
    SliceVal,
    SuperVal,
    TupleVal,
    Value,
)
from adgen.program.types import FLOAT, INT, Array, ListOf, Opaque, Scalar

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls

Args = tuple[Value, ...]
Kwargs = dict[str, Value]
Handler = Callable[["Calls", Args, Kwargs, "str | None"], Value]
HANDLERS: dict[Any, Handler] = {}
METHODS: dict[str, dict[str, Callable[..., Value]]] = {"array": {}, "list": {}, "residual": {}, "tuple": {}, "dict": {}}


def handles(*functions: Any) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        for function in functions:
            HANDLERS[function] = handler
        return handler
    return register


def method(kind: str, *names: str) -> Callable[[Any], Any]:
    def register(handler: Any) -> Any:
        for name in names:
            METHODS[kind][name] = handler
        return handler
    return register


# ---- iteration and containers

@handles(range)
def _range(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if len(args) == 1:
        args = (Const(0), *args)
    return RangeVal(*args, *(() if len(args) == 3 else (Const(1),)))


@handles(enumerate)
def _enumerate(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    start = args[1] if len(args) > 1 else kwargs.get("start", Const(0))
    return IterVal("enumerate", (args[0], start))


@handles(zip)
def _zip(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return IterVal("zip", args)


@handles(reversed)
def _reversed(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return IterVal("reversed", args)


@handles(map)
def _map(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    rows = s.must_items(IterVal("zip", args[1:]), "map")
    return s.allocate(ListContents(tuple(s.call(args[0], row.items, {}) for row in rows)))


@handles(filter)
def _filter(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = s.must_items(args[1], "filter")
    kept = [item for item in items if s.static_truth(s.call(args[0], (item,), {}))]
    return s.allocate(ListContents(tuple(kept)))


@handles(list)
def _list(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if args and isinstance(args[0], Ref) and isinstance(args[0].type, ListOf):
        return s.define(gast.Call(load("list"), [load(args[0].name)], []), args[0].type, hint)
    return s.allocate(ListContents(s.must_items(args[0], "list") if args else ()))


@handles(tuple)
def _tuple(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return TupleVal(s.must_items(args[0], "tuple") if args else ())


@handles(dict)
def _dict(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items: dict[Any, Value] = {}
    if args and isinstance(args[0], Handle) and isinstance(s.heap[args[0].key], DictContents):
        items |= s.heap[args[0].key].items
    elif args:
        for pair in s.must_items(args[0], "dict"):
            key, value = s.must_items(pair, "dict")
            items[s.key_of(key)] = value
    return s.allocate(DictContents({**items, **kwargs}))


@handles(set, frozenset)
def _set(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = s.must_items(args[0], "set") if args else ()
    return s.allocate(DictContents({s.key_of(i): i for i in items}, is_set=True))


@handles(sorted)
def _sorted(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if isinstance(args[0], Ref) and isinstance(args[0].type, Array) and not kwargs:
        return s.call(Const(np.sort), args, {}, hint)
    items = s.must_items(args[0], "sorted")
    keys = [s.real_value(s.call(kwargs["key"], (i,), {}) if "key" in kwargs else i) for i in items]
    reverse = "reverse" in kwargs and s.static_value(kwargs["reverse"], "reverse")
    order = sorted(range(len(items)), key=keys.__getitem__, reverse=reverse)
    return s.allocate(ListContents(tuple(items[k] for k in order)))


@handles(len)
def _len(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value = args[0]
    if isinstance(value, Ref) and isinstance(value.type, Array):
        return s.array_attribute(value, "shape", None).items[0]
    if isinstance(value, Handle) and isinstance(s.heap[value.key], Ref):
        value = s.heap[value.key]
    if isinstance(value, Ref) and isinstance(value.type, ListOf):
        return s.define(gast.Call(load("len"), [load(value.name)], []), INT, hint)
    if isinstance(value, RangeVal) and s.known_items(value) is None:
        span = s.binary(gast.Sub(), value.stop, value.start)
        if isinstance(value.step, Const) and value.step.value == 1:
            return s.call(Const(max), (Const(0), span), {}, hint)
    found = s.class_method(value, "__len__")
    if found is not None:
        return s.call(found, (), {})
    return Const(len(s.must_items(value, "len")))


@handles(slice)
def _slice(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    parts = (NONE, *args, NONE) if len(args) == 1 else (*args, *(NONE,) * (3 - len(args)))
    return SliceVal(*parts)


@handles(itertools.chain)
def _chain(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.allocate(ListContents(tuple(i for a in args for i in s.must_items(a, "chain"))))


@handles(itertools.product)
def _product(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    columns = [s.must_items(a, "product") for a in args] * (s.real_value(kwargs["repeat"]) if "repeat" in kwargs else 1)
    return s.allocate(ListContents(tuple(TupleVal(row) for row in itertools.product(*columns))))


@handles(itertools.accumulate)
def _accumulate(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    function = args[1] if len(args) > 1 else kwargs.get("func", Const(operator.add))
    items = s.must_items(args[0], "accumulate")
    rows = list(items[:1])
    for item in items[1:]:
        rows.append(s.call(function, (rows[-1], item), {}))
    return s.allocate(ListContents(tuple(rows)))


@handles(functools.reduce)
def _reduce(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = list(s.must_items(args[1], "reduce"))
    total = args[2] if len(args) > 2 else items.pop(0)
    for item in items:
        total = s.call(args[0], (total, item), {})
    return total


@handles(functools.partial)
def _partial(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return PartialVal(args[0], args[1:], kwargs)


# ---- numbers

@handles(float)
def _float(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if not args:
        return Const(0.0)
    value = s.plain(args[0])
    if isinstance(value, Const):
        return s.fold(float, value.value)
    if isinstance(value, Ref) and isinstance(value.type, Array):
        return s.call(Const(np.reshape), (value, TupleVal(())), {}) if value.type.rank == 0 else s.item(value)
    if isinstance(value, Ref) and isinstance(value.type, Scalar):
        if value.type.dtype == np.float64:
            return value
        return s.define(gast.Call(load("float"), [load(value.name)], []), FLOAT, hint)
    s.refuse("not-a-number", "float() of this value", reason="it is no number.", remedy="a number")


@handles(int)
def _int(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value = s.plain(args[0]) if args else Const(0)
    if isinstance(value, Const):
        return s.fold(int, value.value)
    if isinstance(value, Ref) and isinstance(value.type, Scalar) and value.type.kind in "iu":
        return value
    return s.define(gast.Call(load("int"), [s.atom(value)], []), INT, hint)


@handles(bool)
def _bool(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    truth = s.truth(args[0]) if args else False
    return Const(truth) if isinstance(truth, bool) else s.negation(s.negation(truth))


@handles(complex)
def _complex(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    parts = [s.plain(a) for a in args]
    if all(isinstance(p, Const) for p in parts):
        return s.fold(complex, *(p.value for p in parts))
    imaginary = s.binary(gast.Mult(), Const(1j), parts[1]) if len(parts) > 1 else Const(0j)
    return s.binary(gast.Add(), parts[0], imaginary, hint)


@handles(max)
def _extremum_max(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _extremum(s, max, args, kwargs, hint)


@handles(min)
def _extremum_min(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _extremum(s, min, args, kwargs, hint)


def _extremum(s: Calls, function: Any, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if "key" in kwargs:
        s.refuse("extremum-key", f"{function.__name__} with key=", reason="the choice depends on a function's values.",
                 remedy="a loop with an if")
    if len(args) == 1 and isinstance(args[0], Ref) and isinstance(args[0].type, Array):
        return s.call(Const(np.max if function is max else np.min), args, {}, hint)
    items = list(s.must_items(args[0], function.__name__)) if len(args) == 1 else list(args)
    if not items and "default" in kwargs:
        return kwargs["default"]
    total = s.plain(items[0])
    for item in items[1:]:
        item = s.plain(item)
        if isinstance(total, Const) and isinstance(item, Const):
            total = s.fold(function, total.value, item.value)
        else:
            total = s.residual_call(function.__name__, function, (total, item), {}, hint)
    return total


@handles(sum)
def _sum(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    start = args[1] if len(args) > 1 else kwargs.get("start", Const(0))
    value = args[0]
    if isinstance(value, Handle) and isinstance(s.heap[value.key], Ref):
        value = s.heap[value.key]
    if isinstance(value, Ref) and isinstance(value.type, Array):
        named = {"axis": Const(0)} if value.type.rank > 1 else {}
        total = s.call(Const(np.sum), (value,), named)
        return total if isinstance(start, Const) and start.value == 0 else s.binary(gast.Add(), start, total, hint)
    items = s.known_items(value)
    if items is None:
        return s.sum_loop(value, start)
    total = start
    for item in items:
        known_zero = isinstance(total, Const) and type(total.value) is int and total.value == 0
        total = s.plain(item) if known_zero else s.binary(gast.Add(), total, item)
    return total


@handles(abs)
def _abs(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    found = s.class_method(args[0], "__abs__")
    if found is not None:
        return s.call(found, (), {})
    return s.residual_or_fold("abs", abs, args, hint)


@handles(round)
def _round(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.warn_rounding()
    return s.residual_or_fold("round", round, args, hint)


@handles(pow, operator.pow)
def _pow(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.binary(gast.Pow(), args[0], args[1], hint)


@handles(divmod)
def _divmod(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return TupleVal((s.binary(gast.FloorDiv(), *args), s.binary(gast.Mod(), *args)))


def _operator(op: type) -> Handler:
    def handler(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        if issubclass(op, gast.operator):
            return s.binary(op(), args[0], args[1], hint)
        if issubclass(op, gast.cmpop):
            return s.compare(op(), args[0], args[1])
        return s.unary(op(), args[0], hint)
    return handler


for _function, _op in {
    operator.add: gast.Add, operator.sub: gast.Sub, operator.mul: gast.Mult, operator.truediv: gast.Div,
    operator.matmul: gast.MatMult, operator.mod: gast.Mod, operator.floordiv: gast.FloorDiv,
    operator.neg: gast.USub, operator.pos: gast.UAdd, operator.lt: gast.Lt, operator.le: gast.LtE,
    operator.gt: gast.Gt, operator.ge: gast.GtE, operator.eq: gast.Eq, operator.ne: gast.NotEq,
    operator.not_: gast.Not, operator.is_: gast.Is, operator.is_not: gast.IsNot,
}.items():
    HANDLERS[_function] = _operator(_op)


@handles(operator.getitem)
def _getitem(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.subscript(args[0], args[1], hint)


@handles(any)
def _any(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _quantifier(s, args, gast.Or(), hint, np.any)


@handles(all)
def _all(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _quantifier(s, args, gast.And(), hint, np.all)


def _quantifier(s: Calls, args: Args, op: Any, hint: str | None, function: Any) -> Value:
    if isinstance(args[0], Ref) and isinstance(args[0].type, Array):
        return s.call(Const(function), args, {}, hint)
    result: Value = Const(isinstance(op, gast.And))
    for item in s.must_items(args[0], "any" if isinstance(op, gast.Or) else "all"):
        result = s.short_circuit(op, result, lambda i=item: i)
    return result


# ---- types, objects, effects

@handles(isinstance)
def _isinstance(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    classes = s.real_value(args[1])
    return Const(issubclass(s.class_of(args[0]), classes))


@handles(issubclass)
def _issubclass(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return Const(issubclass(args[0].value, s.real_value(args[1])))


@handles(type)
def _type(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return Const(s.class_of(args[0]))


@handles(callable)
def _callable(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value = args[0]
    return Const(isinstance(value, FunctionVal | MethodVal | PartialVal) or
                 (isinstance(value, Const) and callable(value.value)) or
                 s.class_method(value, "__call__") is not None)


@handles(getattr)
def _getattr(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    name = s.static_value(args[1], "the name of an attribute")
    if len(args) > 2 and not s.has_attribute(args[0], name):
        return args[2]
    return s.attribute(args[0], name, hint)


@handles(hasattr)
def _hasattr(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return Const(s.has_attribute(args[0], s.static_value(args[1], "the name of an attribute")))


@handles(setattr)
def _setattr(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.set_attribute(args[0], s.static_value(args[1], "the name of an attribute"), args[2])
    return NONE


@handles(super)
def _super(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if args:
        return SuperVal(args[0].value, args[1])
    first = s.frame.node.args.args[0].id
    return SuperVal(s.frame.owner, s.frame.variables[first])


@handles(print)
def _print(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.effect("print", args, kwargs)
    return NONE


@handles(str, repr, format)
def _str(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if all(s.is_static(a) for a in args):
        return Const(str(*(s.real_value(a) for a in args)))
    return s.define(gast.Call(load("str"), [s.atom(s.plain(a)) for a in args], []), Opaque("str"), hint)


@handles(copy.copy, copy.deepcopy)
def _copy(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.copy_value(args[0], deep=True)


# ---- NumPy functions about types and sizes, and constructors

@handles(np.shape)
def _np_shape(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.attribute(s.numeric(args[0]), "shape") if not isinstance(s.plain(args[0]), Const) else TupleVal(())


@handles(np.ndim)
def _np_ndim(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return Const(0) if isinstance(s.plain(args[0]), Const) else s.attribute(s.numeric(args[0]), "ndim")


@handles(np.size)
def _np_size(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if len(args) > 1:
        return s.plain(s.attribute(s.numeric(args[0]), "shape").items[s.static_value(args[1], "axis")])
    return Const(1) if isinstance(s.plain(args[0]), Const) else s.attribute(s.numeric(args[0]), "size")


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


@handles(np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray, np.asarray_chkfinite)
def _np_asarray(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _array(s, args, kwargs, hint, fresh=False)


def _array(s: Calls, args: Args, kwargs: Kwargs, hint: str | None, *, fresh: bool) -> Value:
    value = args[0]
    dtype = args[1] if len(args) > 1 else kwargs.get("dtype", NONE)
    copies = kwargs.get("copy")
    if isinstance(copies, Const) and not copies.value:
        fresh = False
    if isinstance(value, Handle) and isinstance(s.heap[value.key], Ref):
        value = s.heap[value.key]
    wanted = None if isinstance(dtype, Const) and dtype.value is None else np.dtype(s.static_value(dtype, "dtype"))
    if isinstance(value, Ref) and isinstance(value.type, Array):
        if wanted is not None and wanted != value.type.dtype:
            return s.astype(value, wanted, hint)
        return s.residual_call("np.copy", np.copy, (value,), {}, hint) if fresh else value
    if isinstance(value, IterVal | RangeVal):
        value = s.argument(value)
    named = {} if wanted is None else {"dtype": Const(wanted)}
    return s.residual_call("np.array", np.array, (s.argument(value),), named, hint)


# ---- in-place functions

@handles(np.copyto)
def _copyto(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    mask = kwargs.get("where")
    value = args[1] if mask is None else s.call(Const(np.where), (mask, args[1], args[0]), {})
    s.store_item(args[0], Const(Ellipsis), value)
    return NONE


@handles(np.fill_diagonal)
def _fill_diagonal(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    rows = s.call(Const(np.arange), (_smaller_side(s, args[0]),), {})
    s.store_item(args[0], TupleVal((rows, rows)), args[1])
    return NONE


def _smaller_side(s: Calls, array: Value) -> Value:
    sides = [s.plain(v) for v in s.attribute(array, "shape").items]
    if s.sizes.provably_equal(*(s.type_or_none(v).value for v in sides)):
        return sides[0]
    return s.call(Const(min), tuple(sides), {})


@handles(np.put)
def _np_put(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    flat = s.call(Const(np.ravel), (args[0],), {})
    s.store_item(flat, args[1], args[2])
    return NONE


# ---- methods of arrays

def _as_function(function: Any) -> Any:
    def handler(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        return s.call(Const(function), (array, *args), kwargs, hint)
    return handler


for _name in ("all any argmax argmin argsort clip conj conjugate copy cumprod cumsum diagonal max mean min "
              "nonzero prod ptp ravel repeat round searchsorted squeeze std sum swapaxes take trace var dot "
              "compress choose").split():
    METHODS["array"][_name] = _as_function(getattr(np, _name))


@method("array", "dot")
def _dot(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.call(Const(np.dot), (array, *args), kwargs, hint)


@method("array", "reshape")
def _reshape(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    shape = args[0] if len(args) == 1 else TupleVal(args)
    return s.call(Const(np.reshape), (array, shape), kwargs, hint)


@method("array", "transpose")
def _transpose(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if not args or (isinstance(args[0], Const) and args[0].value is None):
        return s.transposed(array, "T", hint)
    axes = args[0] if len(args) == 1 else TupleVal(args)
    return s.call(Const(np.transpose), (array, axes), kwargs, hint)


@method("array", "flatten")
def _flatten(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.call(Const(np.copy), (s.call(Const(np.ravel), (array, *args), kwargs),), {}, hint)


@method("array", "astype")
def _astype(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.astype(array, np.dtype(s.static_value(args[0] if args else kwargs["dtype"], "dtype")), hint)


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


@method("array", "put")
def _put(s: Calls, array: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _np_put(s, (array, *args), kwargs, hint)


# ---- methods of lists whose length is known

def _set_items(s: Calls, value: Value, items: Args) -> Value:
    s.heap[value.key] = ListContents(tuple(items))
    return NONE


@method("list", "append")
def _append(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _set_items(s, value, (*s.heap[value.key].items, args[0]))


@method("list", "extend")
def _extend(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _set_items(s, value, (*s.heap[value.key].items, *s.must_items(args[0], "extend")))


@method("list", "insert")
def _insert(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = list(s.heap[value.key].items)
    items.insert(s.static_value(args[0], "a position in a list"), args[1])
    return _set_items(s, value, tuple(items))


@method("list", "pop")
def _pop(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = list(s.heap[value.key].items)
    if not items:
        s.refuse("bad-index", "pop from an empty list", reason="it always fails.", remedy="append first")
    item = items.pop(s.static_value(args[0], "a position in a list") if args else -1)
    _set_items(s, value, tuple(items))
    return item


@method("list", "reverse")
def _reverse(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _set_items(s, value, s.heap[value.key].items[::-1])


@method("list", "copy")
def _list_copy(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.allocate(s.heap[value.key])


@method("list", "clear")
def _clear(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _set_items(s, value, ())


@method("list", "index")
def _index(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = [s.real_value(i) for i in s.must_items(value, "index")]
    return Const(items.index(s.real_value(args[0])))


METHODS["tuple"]["index"] = _index


@method("residual", "append")
def _residual_append(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.append_residual(value, args[0])


@method("residual", "pop")
def _residual_pop(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if args:
        s.refuse("pop-position", "pop with a position", reason="only the last item is taken.", remedy="pop()")
    expr = gast.Call(gast.Attribute(load(value.name), "pop", gast.Load()), [], [])
    return s.define(expr, value.type.item, hint)


# ---- methods of dicts

def _contents(s: Calls, value: Value) -> DictContents:
    return s.heap[value.key]


@method("dict", "items")
def _dict_items(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return IterVal("items", (value,))


@method("dict", "keys")
def _dict_keys(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.allocate(ListContents(tuple(Const(k) for k in _contents(s, value).items)))


@method("dict", "values")
def _dict_values(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.allocate(ListContents(tuple(_contents(s, value).items.values())))


@method("dict", "get")
def _dict_get(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    key = s.key_of(args[0])
    return _contents(s, value).items.get(key, args[1] if len(args) > 1 else NONE)


@method("dict", "copy")
def _dict_copy(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.allocate(_contents(s, value))


@method("dict", "update")
def _dict_update(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    new = s.heap[_dict(s, args, kwargs, None).key].items
    s.heap[value.key] = DictContents({**_contents(s, value).items, **new})
    return NONE


@method("dict", "setdefault")
def _dict_setdefault(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = _contents(s, value).items
    key = s.key_of(args[0])
    if key not in items:
        s.heap[value.key] = DictContents({**items, key: args[1]})
    return s.heap[value.key].items[key]


@method("dict", "pop")
def _dict_pop(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = dict(_contents(s, value).items)
    key = s.key_of(args[0])
    found = items.pop(key, args[1] if len(args) > 1 else None)
    if found is None:
        s.refuse("missing-key", f"no entry {key!r} in this dict", reason="the lookup would raise KeyError.",
                 remedy="a key that is there")
    s.heap[value.key] = DictContents(items)
    return found


@method("dict", "add")
def _set_add(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.heap[value.key] = DictContents({**_contents(s, value).items, s.key_of(args[0]): args[0]}, is_set=True)
    return NONE

