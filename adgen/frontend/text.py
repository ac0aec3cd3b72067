"""Text, logging and warnings: inactive, kept in the program as they stand."""

from __future__ import annotations

import logging
import types
import warnings
from typing import TYPE_CHECKING, Any

import gast

from adgen.frontend.nodes import load
from adgen.frontend.values import NONE, Ref, Value
from adgen.program.types import BOOL, INT, Opaque, Type

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls

from adgen.frontend.handlers import Args, Kwargs, handles

TESTS = frozenset(name for name in dir(str) if name.startswith("is")) | {"startswith", "endswith"}
POSITIONS = frozenset(("find", "rfind", "index", "rindex", "count"))


def _spelled(name: str, function: Any) -> None:
    """``str``, ``repr`` or ``format``: known text where the arguments are known."""

    @handles(function)
    def handler(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
        special = {"str": "__str__", "repr": "__repr__", "format": "__format__"}[name]
        own = next((m for k in (special, "__repr__") if args and (m := s.class_method(args[0], k)) is not None), None)
        if own is not None:
            return s.call(own, args[1:], {})
        if all(s.is_static(a) for a in args):
            return s.static_call(function, args, kwargs)
        return s.define(gast.Call(load(name), [s.shown(s.plain(a)) for a in args], []), Opaque("str"), hint)


for _name, _function in (("str", str), ("repr", repr), ("format", format)):
    _spelled(_name, _function)


def text_method(s: Calls, text: Ref, name: str, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    """A method of text that is known only at run time."""
    if not hasattr(str, name) or name in ("split", "rsplit", "splitlines", "partition", "rpartition", "encode"):
        s.refuse(
            "no-method",
            f"method {name!r} of text that depends on numbers",
            reason="its result is known only at run time.",
            remedy="text that is known when generating",
        )
    call = gast.Call(
        gast.Attribute(load(text.name), name, gast.Load()),
        [s.shown(s.plain(a)) for a in args],
        [gast.keyword(k, s.shown(s.plain(v))) for k, v in kwargs.items()],
    )
    return s.define(call, method_type(name), hint)


def method_of_literal(s: Calls, function: Any, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    """``"...".format(x)`` and the like: a method of text that is known, with numbers that are not."""
    call = gast.Call(
        gast.Attribute(gast.Constant(function.__self__, None), function.__name__, gast.Load()),
        [s.shown(a) for a in args],
        [gast.keyword(k, s.shown(v)) for k, v in kwargs.items()],
    )
    return s.define(call, method_type(function.__name__), hint)


def method_type(name: str) -> Type:
    """The type of the result of a method of text."""
    return BOOL if name in TESTS else INT if name in POSITIONS else Opaque("str")


# ---- logging and warnings

LOGGING = frozenset(("debug", "info", "warning", "error", "critical", "exception", "log"))


def is_report(function: Any) -> bool:
    """Whether a call of this function tells somebody something, and does nothing else."""
    if isinstance(function, types.MethodType):
        return isinstance(function.__self__, logging.Logger) and function.__name__ in LOGGING
    return (
        function is warnings.warn
        or getattr(function, "__module__", "") == "logging"
        and (getattr(function, "__name__", "") in LOGGING)
    )


def report(s: Calls, function: Any, args: Args, kwargs: Kwargs) -> Value:
    """``log.info("x is %g", x)``, kept."""
    if isinstance(function, types.MethodType):
        logger = function.__self__
        holder = load(s.global_name(logger.name.rpartition(".")[2] or "log", logger, None, "", ""))
    else:
        module = __import__(function.__module__.removeprefix("_"))
        holder = load(s.global_name(module.__name__, module, None, "", ""))
    call = gast.Call(
        gast.Attribute(holder, function.__name__, gast.Load()),
        [s.shown(s.plain(a)) for a in args],
        [gast.keyword(k, s.shown(s.plain(v))) for k, v in kwargs.items()],
    )
    s.emit(gast.Expr(call))
    return NONE
