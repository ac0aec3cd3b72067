"""Functions that make and walk containers (range, zip, list, dict, itertools), and methods of lists and dicts."""

from __future__ import annotations

import functools
import itertools
import operator
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.frontend.state import load
from adgen.frontend.values import (
    NONE,
    Const,
    DictContents,
    Handle,
    IterVal,
    ListContents,
    RangeVal,
    Ref,
    SliceVal,
    TupleVal,
    Value,
)
from adgen.program.types import INT, Array, ListOf

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls

from adgen.frontend.handlers import METHODS, Args, Kwargs, handles, method

# ---- iteration and containers


@handles(range)
def _range(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if len(args) == 1:
        args = (Const(0), *args)
    return RangeVal(*args, *(() if len(args) == 3 else (Const(1),)))


@handles(enumerate)
def _enumerate(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value = args[0]
    start = args[1] if len(args) > 1 else kwargs.get("start", Const(0))
    return IterVal("enumerate", (value, start))


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
    items = s.must_items(args[0], "accumulate")
    function = args[1] if len(args) > 1 else kwargs.get("func", Const(operator.add))
    rows = list(items[:1])
    for item in items[1:]:
        rows.append(s.call(function, (rows[-1], item), {}))
    return s.allocate(ListContents(tuple(rows)))


@handles(functools.reduce)
def _reduce(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    function, items = args[0], list(s.must_items(args[1], "reduce"))
    total = args[2] if len(args) > 2 else items.pop(0)
    for item in items:
        total = s.call(function, (total, item), {})
    return total


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
    known = _contents(s, value)
    if known.is_set:
        new = {s.key_of(i): i for arg in args for i in s.must_items(arg, "update")}
    else:
        new = s.heap[_dict(s, args, kwargs, None).key].items
    s.heap[value.key] = DictContents({**known.items, **new}, known.is_set)
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
        s.refuse(
            "missing-key",
            f"no entry {key!r} in this dict",
            reason="the lookup would raise KeyError.",
            remedy="a key that is there",
        )
    s.heap[value.key] = DictContents(items)
    return found


@method("dict", "add")
def _set_add(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    s.heap[value.key] = DictContents({**_contents(s, value).items, s.key_of(args[0]): args[0]}, is_set=True)
    return NONE
