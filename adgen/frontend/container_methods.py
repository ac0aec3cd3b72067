"""Methods of lists, deques, dicts and sets whose entries are known, and of lists that grow at run time."""

from __future__ import annotations

import collections
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gast

from adgen.frontend.container_functions import in_order, pairs_of
from adgen.frontend.container_operators import set_operation
from adgen.frontend.nodes import load
from adgen.frontend.values import (
    NONE,
    Const,
    DictContents,
    Handle,
    IterVal,
    ListContents,
    Ref,
    TupleVal,
    Value,
)

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls

from adgen.frontend.handlers import METHODS, Args, Kwargs, method
from adgen.rules.definitions import lists

# ---- lists and deques


def _set_items(s: Calls, value: Value, items: Args) -> Value:
    s.change(value.key, replace(s.heap[value.key], items=tuple(items)))
    return NONE


def _is_of_the_run(position: Value) -> bool:
    """Whether a position is known only when the program runs."""
    return isinstance(position, Ref) and position.static is None


def _grown(s: Calls, value: Value, name: str, args: Args) -> Value:
    """A method of a list that becomes one of the program, since a position in it is known only at run time."""
    s.demote({value.key})
    return s.call(s.attribute(value, name), args, {})


@method("list", "append")
def _append(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _set_items(s, value, (*s.heap[value.key].items, args[0]))


@method("list", "appendleft")
def _appendleft(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _set_items(s, value, (args[0], *s.heap[value.key].items))


@method("list", "extend")
def _extend(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if not s.is_walkable(args[0]) and s.heap[value.key].cls is list:
        return s.inline(s.function_value(lists.extend), (value, args[0]), {})
    return _set_items(s, value, (*s.heap[value.key].items, *s.must_items(args[0], "extend")))


@method("list", "extendleft")
def _extendleft(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _set_items(s, value, (*s.must_items(args[0], "extendleft")[::-1], *s.heap[value.key].items))


@method("list", "rotate")
def _rotate(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    turned = collections.deque(s.heap[value.key].items)
    turned.rotate(s.static_value(args[0], "how far a deque is rotated") if args else 1)
    return _set_items(s, value, tuple(turned))


@method("list", "insert")
def _insert(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if _is_of_the_run(args[0]):
        return _grown(s, value, "insert", args)
    items = list(s.heap[value.key].items)
    items.insert(s.static_value(args[0], "a position in a list"), args[1])
    return _set_items(s, value, tuple(items))


@method("list", "pop")
def _pop(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if args and _is_of_the_run(args[0]):
        return _grown(s, value, "pop", args)
    items = list(s.heap[value.key].items)
    position = s.static_value(args[0], "a position in a list") if args else -1
    if not -len(items) <= position < len(items):
        s.refuse("bad-index", "pop of an item that is not there", reason="it always fails.", remedy="append first")
    item = items.pop(position)
    _set_items(s, value, tuple(items))
    return item


@method("list", "popleft")
def _popleft(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _pop(s, value, (Const(0),), {}, hint)


@method("list", "remove")
def _remove(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    position = _index(s, value, args, {}, None).value
    items = s.heap[value.key].items
    return _set_items(s, value, (*items[:position], *items[position + 1 :]))


@method("list", "reverse")
def _reverse(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _set_items(s, value, s.heap[value.key].items[::-1])


@method("list", "sort")
def _sort(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _set_items(s, value, in_order(s, s.heap[value.key].items, kwargs))


@method("list", "copy")
@method("dict", "copy")
def _copy(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.allocate(s.heap[value.key])


@method("list", "clear")
def _clear(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _set_items(s, value, ())


@method("list", "index")
@method("tuple", "index")
def _index(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    start = s.static_value(args[1], "where the search starts") if len(args) > 1 else 0
    wanted: Any = args[0]  # pyright: ignore[reportGeneralTypeIssues]
    for k, item in enumerate(s.must_items(value, "index")[start:], start):
        if item is wanted or s.static_truth(s.compare(gast.Eq(), item, wanted)):
            return Const(k)
    s.refuse("constant-error", "ValueError: not in the list", reason="the search always fails.", remedy="test with in")


@method("list", "count")
@method("tuple", "count")
def _count(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    verdicts = [s.static_truth(s.compare(gast.Eq(), i, args[0])) for i in s.must_items(value, "count")]
    return Const(sum(verdicts))


# ---- lists that grow at run time


@method("residual", "append")
def _residual_append(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.append_residual(value, args[0])


@method("residual", "extend")
def _residual_extend(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    others = args[0]
    if isinstance(others, Handle) and s.heap[others.key] == value:
        others = s.copy_value(value, deep=False)
    return s.inline(s.function_value(lists.extend), (value, others), {})


@method("residual", "copy")
def _residual_copy(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.evaluate("[_item for _item in _items]", items=value)


@method("residual", "pop")
def _residual_pop(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if args and args[0] != Const(-1):
        return s.inline(s.function_value(lists.take_out), (value, *args), {})
    expr = gast.Call(gast.Attribute(load(value.name), "pop", gast.Load()), [], [])
    return s.define(expr, value.type.item, hint)


def _defined(definition: Any, *first: int) -> Callable[..., Value]:
    """A method as its definition has it; `first`: arguments that the definition gets before the method's own."""

    def carried_out(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        return s.inline(s.function_value(definition), (value, *map(Const, first), *args), kwargs)

    return carried_out


for _definition in (lists.insert, lists.remove, lists.index, lists.count, lists.clear, lists.sort, lists.reverse):
    method("residual", _definition.__name__)(_defined(_definition))
method("residual", "popleft")(_defined(lists.take_out, 0))
method("residual", "appendleft")(_defined(lists.insert, 0))


# ---- dicts


def _contents(s: Calls, value: Value) -> DictContents:
    return s.heap[value.key]


def _set_entries(s: Calls, value: Value, items: dict[Any, Value]) -> Value:
    s.change(value.key, replace(_contents(s, value), items=items))
    return NONE


@method("dict", "items")
def _items(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return IterVal("items", (value,))


@method("dict", "keys")
def _keys(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.allocate(DictContents({k: s.key_value(k) for k in _contents(s, value).items}, cls=set))


@method("dict", "values")
def _values(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.allocate(ListContents(tuple(_contents(s, value).items.values())))


@method("dict", "get")
def _get(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    key = s.key_of(args[0])
    return _contents(s, value).items.get(key, args[1] if len(args) > 1 else NONE)


@method("dict", "update")
def _update(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    known = _contents(s, value)
    if known.cls is collections.Counter:
        return _no_counting(s, "update")
    if known.is_set:
        return _set_entries(s, value, _united(s, known.items, args))
    return _set_entries(s, value, {**known.items, **pairs_of(s, args), **kwargs})


def _no_counting(s: Calls, name: str) -> Value:
    s.refuse("no-method", f"{name} of a Counter", reason="it adds counts.", remedy="a dict, and a loop that adds")


@method("dict", "setdefault")
def _setdefault(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = _contents(s, value).items
    key = s.key_of(args[0])
    if key not in items:
        _set_entries(s, value, {**items, key: args[1] if len(args) > 1 else NONE})
    return s.heap[value.key].items[key]


@method("dict", "pop")
def _dict_pop(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = dict(_contents(s, value).items)
    if _contents(s, value).is_set:
        s.refuse("no-method", "pop of a set", reason="which item it takes is not defined.", remedy="a list")
    key = s.key_of(args[0])
    found = items.pop(key, args[1] if len(args) > 1 else None)
    if found is None:
        s.refuse(
            "missing-key",
            f"no entry {key!r} in this dict",
            reason="the lookup would raise KeyError.",
            remedy="a key that is there",
        )
    _set_entries(s, value, items)
    return found


@method("dict", "popitem")
def _popitem(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = dict(_contents(s, value).items)
    if not items:
        s.refuse("missing-key", "popitem of an empty dict", reason="it raises KeyError.", remedy="test the dict first")
    key, found = items.popitem()
    _set_entries(s, value, items)
    return TupleVal((s.key_value(key), found))


@method("dict", "clear")
def _dict_clear(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _set_entries(s, value, {})


@method("dict", "move_to_end")
def _move_to_end(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = dict(_contents(s, value).items)
    key = s.key_of(args[0])
    moved = {key: items.pop(key)}
    last = s.static_value(args[1] if len(args) > 1 else kwargs.get("last", Const(True)), "last")
    return _set_entries(s, value, {**items, **moved} if last else {**moved, **items})


# ---- sets


def _united(s: Calls, items: Any, args: Args) -> dict[Any, Value]:
    return {**items, **{s.key_of(i): i for a in args for i in s.must_items(a, "union")}}


@method("dict", "add")
def _add(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = _contents(s, value).items
    key = s.key_of(args[0])
    return _set_entries(s, value, dict(items) if key in items else {**items, key: args[0]})


@method("dict", "discard")
@method("dict", "remove")
def _discard(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    key = s.key_of(args[0])
    return _set_entries(s, value, {k: v for k, v in _contents(s, value).items.items() if k != key})


def _combined(name: str) -> Any:
    def handler(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        sides = [{s.key_of(i): i for i in s.must_items(a, name)} for a in args]
        items: Any = _contents(s, value).items
        for side in sides:
            items = set_operation(name, items, side)
        return s.allocate(DictContents(items, cls=set))

    return handler


for _name in ("union", "intersection", "difference", "symmetric_difference"):
    METHODS["dict"][_name] = _combined(_name)


def _relation(name: str) -> Any:
    def handler(s: Calls, value: Value, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        other = {s.key_of(i) for i in s.must_items(args[0], name)}
        return Const(getattr(set(_contents(s, value).items), name)(other))

    return handler


for _name in ("issubset", "issuperset", "isdisjoint"):
    METHODS["dict"][_name] = _relation(_name)
