"""Iterators: iter and next, map, filter, zip, and what itertools makes of known items."""

from __future__ import annotations

import functools
import itertools
import operator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.frontend.values import (
    NONE,
    Const,
    GridVal,
    Handle,
    IterVal,
    ListContents,
    RangeVal,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.types import Array, ListOf

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls

from adgen.frontend.handlers import Args, Kwargs, handles
from adgen.rules.definitions import lists


@handles(range)
def _range(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if len(args) == 1:
        args = (Const(0), *args)
    return RangeVal(*args, *(() if len(args) == 3 else (Const(1),)))


def _view(s: Calls, kind: str, parts: Args) -> Value:
    """An iterator over what is known; over ranges and arrays, what a loop can run over."""
    view = IterVal(kind, parts)
    if any(isinstance(p, RangeVal | IterVal) for p in parts) or not s.is_walkable(view):
        return replace(view, once=s.iterator(()))
    return s.iterator_over(view)


@handles(enumerate)
def _enumerate(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    start = args[1] if len(args) > 1 else kwargs.get("start", Const(0))
    return _view(s, "enumerate", (args[0], start))  # pyright: ignore[reportGeneralTypeIssues]


@handles(zip)
def _zip(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    strict = "strict" in kwargs and s.static_value(kwargs["strict"], "strict")
    return _view(s, "zip strict" if strict else "zip", args)


@handles(reversed)
def _reversed(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    found = s.class_method(args[0], "__reversed__")
    if found is not None:
        return s.call(found, (), {})
    return _view(s, "reversed", args)


@handles(iter)
def _iter(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if len(args) > 1:
        s.refuse(
            "iteration",
            "iter(function, sentinel)",
            reason="how often the function is called is known only at run time.",
            remedy="a while loop",
        )
    if s.is_iterator(args[0]):  # pyright: ignore[reportGeneralTypeIssues]
        return args[0]  # pyright: ignore[reportGeneralTypeIssues]
    found = s.class_method(args[0], "__iter__")  # pyright: ignore[reportGeneralTypeIssues]
    if found is not None:
        return s.call(found, (), {})
    source: Any = args[0]  # pyright: ignore[reportGeneralTypeIssues]
    return s.iterator_over(source) if s.is_walkable(source) else s.iterator(s.must_items(source, "iter"))


@handles(next)
def _next(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    found = s.class_method(args[0], "__next__")
    if found is not None:
        return s.call(found, (), {})
    if not s.is_iterator(args[0]):
        s.refuse(
            "iteration",
            "next() of this value",
            reason="it is no iterator whose items are known when generating.",
            remedy="a loop, or an index",
        )
    item = s.taken(args[0])  # pyright: ignore[reportArgumentType]
    if item is not None:
        return item
    if len(args) > 1:
        return args[1]
    s.refuse(
        "constant-error",
        "StopIteration",
        reason="the iterator has no more items.",
        remedy="next(it, default)",
        raises=StopIteration,
    )


# ---- grids of indices


def _extents(s: Calls, array: Value) -> tuple[Value, ...]:
    return tuple(s.plain(item) for item in s.must_items(s.attribute(array, "shape"), "shape"))


@handles(np.ndindex)
def _ndindex(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    shape = s.known_items(args[0]) if len(args) == 1 else None
    return GridVal("index", tuple(s.plain(item) for item in (args if shape is None else shape)))


@handles(np.ndenumerate)
def _ndenumerate(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    array = s.numeric(args[0])
    return GridVal("pairs", _extents(s, array), array)


@handles(np.nditer)
def _nditer(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    options = {k: s.real_value(v) for k, v in kwargs.items()}
    flags = list(options.get("op_flags") or ["readonly"])
    flags = list(flags[0]) if isinstance(flags[0], list | tuple) else flags
    array = s.plain(args[0])
    simple = len(args) == 1 and set(options) <= {"op_flags", "order"} and flags in (["readonly"], ["readwrite"])
    if not (simple and options.get("order") == "C" and isinstance(array, Ref) and isinstance(array.type, Array)):
        s.refuse(
            "nditer",
            "this use of np.nditer",
            reason="its order follows the memory of the array, which is known only at run time.",
            remedy='np.nditer(a, order="C"), also with op_flags=["readwrite"]; np.ndindex(a.shape)',
        )
    return GridVal("parts" if flags == ["readwrite"] else "items", _extents(s, array), array)


@handles(map)
def _map(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    function, columns = args[0], IterVal("zip", args[1:])
    if not s.is_walkable(columns):
        return s.evaluate("[_function(*_row) for _row in _rows]", function=function, rows=columns)
    rows = s.iterator_over(columns)
    return s.iterator(lambda _: None if (row := s.taken(rows)) is None else s.call(function, row.items, {}))


@handles(filter)
def _filter(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _filtered(s, args, keep=True)


def _filtered(s: Calls, args: Args, *, keep: bool) -> Value:
    function, items = args[0], s.known_items(args[1]) if s.is_walkable(args[1]) else None
    test = "_item" if isinstance(function, Const) and function.value is None else "_function(_item)"
    if items is None:
        negation = "" if keep else "not "
        return s.evaluate(f"[_item for _item in _items if {negation}{test}]", function=function, items=args[1])
    verdicts = [i if test == "_item" else s.call(function, (i,), {}) for i in items]
    return s.iterator(tuple(i for i, v in zip(items, verdicts, strict=True) if s.static_truth(v) == keep))


@handles(itertools.filterfalse)
def _filterfalse(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _filtered(s, args, keep=False)


# ---- itertools


@handles(itertools.chain)
def _chain(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.iterator(tuple(i for a in args for i in s.must_items(a, "chain")))


@handles(itertools.chain.from_iterable)
def _chained(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _chain(s, s.must_items(args[0], "chain"), {}, hint)


def _rows(function: Any, name: str) -> None:
    """Functions of itertools that choose among items by position alone."""

    @handles(function)
    def handler(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        items = s.must_items(args[0], name)
        rest = [s.real_value(a) for a in args[1:]]
        named = {k: s.real_value(v) for k, v in kwargs.items()}
        rows = function(range(len(items)), *rest, **named)
        return s.iterator(tuple(TupleVal(tuple(items[k] for k in row)) for row in rows))


for _function in (
    itertools.combinations,
    itertools.permutations,
    itertools.combinations_with_replacement,
    itertools.pairwise,
    *([itertools.batched] if hasattr(itertools, "batched") else []),
):
    _rows(_function, _function.__name__)


@handles(itertools.product)
def _product(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    columns = [s.must_items(a, "product") for a in args] * (s.real_value(kwargs["repeat"]) if "repeat" in kwargs else 1)
    return s.iterator(tuple(TupleVal(row) for row in itertools.product(*columns)))


@handles(itertools.accumulate)
def _accumulate(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = s.must_items(args[0], "accumulate")
    function = args[1] if len(args) > 1 else kwargs.get("func", Const(operator.add))
    if isinstance(function, Const) and function.value is None:
        function = Const(operator.add)
    if "initial" in kwargs and kwargs["initial"] != NONE:
        items = (kwargs["initial"], *items)
    rows = list(items[:1])
    for item in items[1:]:
        rows.append(s.call(function, (rows[-1], item), {}))
    return s.iterator(tuple(rows))


@handles(itertools.starmap)
def _starmap(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    rows = [s.must_items(row, "starmap") for row in s.must_items(args[1], "starmap")]
    return s.iterator(tuple(s.call(args[0], row, {}) for row in rows))


@handles(itertools.zip_longest)
def _zip_longest(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    columns = [s.must_items(a, "zip_longest") for a in args]
    rows = itertools.zip_longest(*columns, fillvalue=kwargs.get("fillvalue", NONE))
    return s.iterator(tuple(TupleVal(row) for row in rows))


@handles(itertools.islice)
def _islice(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    bounds = slice(*(s.real_value(a) for a in args[1:]))
    source: Any = args[0]
    walk = s.walk(source) if s.is_iterator(source) else iter(s.must_items(source, "islice"))
    if bounds.stop is None and s.is_endless(source):
        s.must_items(source, "islice")
    return s.iterator(tuple(itertools.islice(walk, bounds.start, bounds.stop, bounds.step)))


@handles(itertools.count)
def _count(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    start = args[0] if args else kwargs.get("start", Const(0))
    step = args[1] if len(args) > 1 else kwargs.get("step", Const(1))

    def item(k: int) -> Value:
        return s.binary(gast.Add(), start, s.binary(gast.Mult(), Const(k), step)) if k else start

    return s.iterator(item, endless=True, held=(start, step))


@handles(itertools.repeat)
def _repeat(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    times = args[1] if len(args) > 1 else kwargs.get("times")
    if times is not None:
        value: Any = args[0]  # pyright: ignore[reportGeneralTypeIssues]
        return s.iterator((value,) * s.static_value(times, "how often a value is repeated"))
    return s.iterator(lambda _: args[0], endless=True, held=args)  # pyright: ignore[reportGeneralTypeIssues]


@handles(itertools.cycle)
def _cycle(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = s.must_items(args[0], "cycle")
    return s.iterator(lambda k: items[k % len(items)], endless=True, held=items) if items else s.iterator(())


@handles(itertools.takewhile)
def _takewhile(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    function, source = args
    found: Any = source
    walk = s.walk(found) if s.is_iterator(found) else iter(s.must_items(found, "takewhile"))
    return s.iterator(tuple(itertools.takewhile(lambda i: s.static_truth(s.call(function, (i,), {})), walk)))


@handles(itertools.dropwhile)
def _dropwhile(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    function, items = args[0], s.must_items(args[1], "dropwhile")
    return s.iterator(tuple(itertools.dropwhile(lambda i: s.static_truth(s.call(function, (i,), {})), items)))


@handles(itertools.compress)
def _compress(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    data, flags = (s.must_items(a, "compress") for a in args)
    return s.iterator(tuple(d for d, f in zip(data, flags, strict=False) if s.static_truth(f)))


@handles(itertools.groupby)
def _groupby(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    function = args[1] if len(args) > 1 else kwargs.get("key")
    items = s.must_items(args[0], "groupby")  # pyright: ignore[reportGeneralTypeIssues]
    keys = [s.real_value(i if function is None else s.call(function, (i,), {})) for i in items]
    rows = [
        TupleVal((s.key_value(key), s.iterator(tuple(items[k] for k in group))))
        for key, group in itertools.groupby(range(len(items)), key=keys.__getitem__)
    ]
    return s.iterator(tuple(rows))


@handles(itertools.tee)
def _tee(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = s.must_items(args[0], "tee")
    return TupleVal(tuple(s.iterator(items) for _ in range(s.real_value(args[1]) if len(args) > 1 else 2)))


@handles(functools.reduce)
def _reduce(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    listed = s.heap[args[1].key] if isinstance(args[1], Handle) else args[1]
    if isinstance(listed, Ref) and isinstance(listed.type, ListOf) and isinstance(args[0], Const):
        return s.inline(s.function_value(lists.reduced), (args[0], listed, *args[2:]), {})
    function, items = args[0], list(s.must_items(args[1], "reduce"))
    if len(args) < 3 and not items:
        s.refuse("constant-error", "reduce() of nothing", reason="it raises TypeError.", remedy="an initial value")
    total = args[2] if len(args) > 2 else items.pop(0)
    for item in items:
        total = s.call(function, (total, item), {})
    return total


# ---- lists and tuples made of what is walked


@handles(list)
def _list(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value = _plain_list(s, args[0]) if args else None
    if isinstance(value, Ref) and isinstance(value.type, ListOf):
        return s.evaluate("[_item for _item in _items]", items=value)
    if isinstance(value, Ref) and isinstance(value.type, Array) and not s.is_short(value):
        return s.evaluate("[_item for _item in _items]", items=value)
    return s.allocate(ListContents(s.must_items(value, "list") if value is not None else ()))


@handles(tuple)
def _tuple(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if args and isinstance(args[0], TupleVal):
        return TupleVal(args[0].items)
    return TupleVal(s.must_items(args[0], "tuple") if args else ())


def _plain_list(s: Calls, value: Value) -> Value:
    contents = s.heap[value.key] if isinstance(value, Handle) else None
    return contents if isinstance(contents, Ref) else value
