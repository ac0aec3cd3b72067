"""The tables of builtins, library functions and methods that the frontend itself carries out.

``HANDLERS`` maps functions, ``METHODS`` methods by the kind of their object.  The modules
``builtins``, ``container_functions`` and ``array_functions`` fill them when imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from adgen.frontend.values import (
    Value,
)

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
