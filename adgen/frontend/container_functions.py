"""Functions that make containers: dict, set, sorted, len, slice, and those of `collections`."""

from __future__ import annotations

import collections
import types
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.frontend.nodes import load
from adgen.frontend.values import (
    NONE,
    Const,
    DictContents,
    Handle,
    ListContents,
    ObjectContents,
    RangeVal,
    Ref,
    SliceVal,
    Value,
)
from adgen.program.types import INT, Array, ListOf
from adgen.rules.definitions import lists

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls

from adgen.frontend.handlers import Args, Kwargs, handles

# ---- iteration and containers


@handles(dict, collections.OrderedDict)
def _dict(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.allocate(DictContents({**pairs_of(s, args), **kwargs}))


def pairs_of(s: Calls, args: Args) -> dict[Any, Value]:
    """The entries that ``dict(mapping)`` or ``dict(pairs)`` is given."""
    if not args:
        return {}
    source = s.wrap_const(args[0]) if isinstance(args[0], Const) else args[0]
    contents = s.heap[source.key] if isinstance(source, Handle) else None
    if isinstance(contents, DictContents):
        return dict(contents.items)
    keys = s.class_method(source, "keys")
    if keys is not None:
        return {s.key_of(k): s.subscript(source, k) for k in s.must_items(s.call(keys, (), {}), "dict")}
    pairs = [s.must_items(pair, "dict") for pair in s.must_items(source, "dict")]
    return {s.key_of(key): value for key, value in pairs}


@handles(dict.fromkeys)
def _fromkeys(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value = args[1] if len(args) > 1 else NONE
    keys: Any = args[0]  # pyright: ignore[reportGeneralTypeIssues]
    return s.allocate(DictContents({s.key_of(k): value for k in s.must_items(keys, "fromkeys")}))


@handles(set)
def _set(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _made_set(s, args, set)


@handles(frozenset)
def _frozenset(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _made_set(s, args, frozenset)


def _made_set(s: Calls, args: Args, cls: type) -> Value:
    items = s.must_items(args[0], "set") if args else ()
    return s.allocate(DictContents({s.key_of(i): i for i in items}, cls))


@handles(collections.defaultdict)
def _defaultdict(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    factory = args[0] if args and args[0] != NONE else None
    return s.allocate(DictContents({**pairs_of(s, args[1:]), **kwargs}, collections.defaultdict, factory))


@handles(collections.Counter)
def _counter(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    source = args[0] if args else None
    if source is None or isinstance(source, Handle) and isinstance(s.heap[source.key], DictContents):
        counts = pairs_of(s, args)
    else:
        found = collections.Counter(s.key_of(i) for i in s.must_items(source, "Counter"))
        counts = {k: Const(n) for k, n in found.items()}
    return s.allocate(DictContents({**counts, **kwargs}, collections.Counter, Const(int)))


@handles(collections.deque)
def _deque(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    longest = args[1] if len(args) > 1 else kwargs.get("maxlen", NONE)
    if longest != NONE:
        s.refuse(
            "class",
            "a deque with maxlen",
            reason="which items it drops is not followed.",
            remedy="popleft() after each append",
        )
    return s.allocate(ListContents(s.must_items(args[0], "deque") if args else (), collections.deque))


@handles(collections.ChainMap)
def _chain_map(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    merged: dict[Any, Value] = {}
    for mapping in reversed(args):
        merged = {**merged, **pairs_of(s, (mapping,))}
    return s.allocate(DictContents(merged))


@handles(types.MappingProxyType)
def _proxy(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return args[0]


@handles(types.SimpleNamespace)
def _namespace(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.allocate(ObjectContents(types.SimpleNamespace, {**pairs_of(s, args), **kwargs}))


@handles(sorted)
def _sorted(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if isinstance(args[0], Ref) and isinstance(args[0].type, Array) and not kwargs:
        return s.call(Const(np.sort), args, {}, hint)
    items = s.known_items(args[0])  # once: an iterator is used up
    if items is None:
        return s.inline(s.function_value(lists.in_order), args, kwargs)
    return s.allocate(ListContents(in_order(s, items, kwargs)))


def in_order(s: Calls, items: Args, kwargs: Kwargs) -> Args:
    """Items sorted: by keys that are known, or numbers by NumPy when the program runs."""
    reverse = bool("reverse" in kwargs and s.static_value(kwargs["reverse"], "reverse"))
    by_key = "key" in kwargs and kwargs["key"] != NONE
    if len(items) < 2:
        return items
    keys = tuple(s.call(kwargs["key"], (i,), {}) if by_key else i for i in items)
    if not by_key and any(isinstance(i, Ref) and i.static is None for i in items):
        ordered = s.call(Const(np.sort), (s.array_from(s.allocate(ListContents(items))),), {})
        values = tuple(s.subscript(ordered, Const(k)) for k in range(len(items)))
        return values[::-1] if reverse else values
    if any(isinstance(k, Ref) and k.static is None for k in keys):
        listed = [s.array_from(s.allocate(ListContents(part))) for part in (keys, items)]
        ranked = s.unary(gast.USub(), listed[0]) if reverse else listed[0]
        ordered = s.subscript(listed[1], s.call(Const(np.argsort), (ranked,), {"kind": Const("stable")}))
        return tuple(s.subscript(ordered, Const(k)) for k in range(len(items)))
    known = [s.real_value(k) for k in keys]
    return tuple(items[k] for k in sorted(range(len(items)), key=known.__getitem__, reverse=reverse))


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
