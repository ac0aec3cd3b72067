"""Functions that stand for others: decorators, dispatch on a type, getters, reports."""

from __future__ import annotations

import functools
import operator
import types
from typing import TYPE_CHECKING, Any

from adgen.frontend.functions import Functions
from adgen.frontend.handlers import Args, Kwargs, handles
from adgen.frontend.text import is_report, report
from adgen.frontend.values import Const, TupleVal, Value

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls


@handles(functools.lru_cache)
def _lru_cache(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    known = args and not (isinstance(args[0], Const) and (args[0].value is None or isinstance(args[0].value, int)))
    return args[0] if known else Const(itself)


@handles(functools.cache)
def _cache(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return args[0]


@handles(functools.wraps)
def _wraps(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return Const(itself)


@handles(functools.update_wrapper)
def _update_wrapper(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return args[0]


def itself(function: Any) -> Any:
    """A decorator that leaves what a function computes as it is."""
    return function


class Dispatching(Functions):
    """What is called in the place of a function that only chooses or passes on."""

    def look_through(
        self, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value], hint: str | None
    ) -> Value | None:
        """Functions that stand for others: those that dispatch on a type, getters, those that report."""
        if is_report(function):
            return report(self, function, args, kwargs)  # pyright: ignore[reportArgumentType]
        if isinstance(function, types.FunctionType) and hasattr(function, "registry") and hasattr(function, "dispatch"):
            return self.call(Const(function.dispatch(self.class_of(args[0]))), args, kwargs, hint)
        if type(function).__name__ == "_SingleDispatchMethod":
            chosen = function.dispatcher.dispatch(self.class_of(args[0]))
            return self.call(self.bind(chosen, function.instance, function.cls), args, kwargs, hint)
        if isinstance(function, operator.itemgetter | operator.attrgetter | operator.methodcaller):
            return self.get_by(function, args[0], hint)
        if getattr(function, "__module__", "") == "numba.core.decorators" and args:
            return args[0]
        return None

    def get_by(self, getter: Any, value: Value, hint: str | None) -> Value:
        """``operator.itemgetter("a", "b")(value)`` and its kin."""
        kind, keys = getter.__reduce__()[:2]
        if isinstance(getter, operator.methodcaller):
            named = kind.keywords if isinstance(kind, functools.partial) else {}
            name, *rest = keys
            method = self.attribute(value, named.pop("name", name))
            return self.call(method, tuple(map(Const, rest)), {k: Const(v) for k, v in named.items()}, hint)
        if isinstance(getter, operator.itemgetter):
            found = tuple(self.subscript(value, self.wrap_const(Const(k)), hint) for k in keys)
        else:
            found = tuple(functools.reduce(self.attribute, k.split("."), value) for k in keys)
        return found[0] if len(found) == 1 else TupleVal(found)

    def class_of(self, value: Value) -> type:
        raise NotImplementedError
