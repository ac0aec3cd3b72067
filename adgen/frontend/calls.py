"""Calls: what has a rule, builtins, classes; Python functions are specialised in place."""

from __future__ import annotations

import copy
import functools
import types
from typing import Any, NoReturn

import numpy as np

from adgen.errors import MissingRule

# Most of these are imported for what they put into the tables.
from adgen.frontend import (  # noqa: F401
    array_functions,
    builtins,
    container_functions,
    container_methods,
    draws,
    iterators,
    records,
    reductions,
    ufunc_methods,
)
from adgen.frontend.distributions import spelled
from adgen.frontend.handlers import HANDLERS, LAZY, METHODS
from adgen.frontend.purity import is_impure, is_standard
from adgen.frontend.read_source import is_vectorized, underlying
from adgen.frontend.rule_calls import RuleCalls
from adgen.frontend.text import method_of_literal, text_method
from adgen.frontend.users_rules import row_to_fill_in
from adgen.frontend.values import (
    ArrayMethod,
    ChoiceVal,
    Const,
    DictContents,
    FunctionVal,
    Handle,
    ListContents,
    MethodVal,
    PartialVal,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.types import Array, ListOf, Opaque, Scalar
from adgen.rules.registry import registry

# Reductions whose `dtype` converts the elements before anything else is done.
CONVERTING = (
    *(np.sum, np.mean, np.prod, np.var, np.std, np.cumsum, np.cumprod, np.trace),
    *(np.nansum, np.nanmean, np.nanprod, np.nanvar, np.nanstd, np.nancumsum, np.nancumprod),
)
MAKERS = frozenset(
    ("adgen.api", name)
    for name in (
        *("grad", "value_and_grad", "vjp", "jvp", "jacfwd", "jacrev"),
        *("jacobian", "hessian", "hvp", "elementwise_grad"),
    )
)


class Calls(RuleCalls):
    """What happens when a value is called."""

    def call(
        self, function: Value, args: tuple[Value, ...], kwargs: dict[str, Value], hint: str | None = None
    ) -> Value:
        match function:
            case MethodVal(inner, instance):
                return self.call(inner, (instance, *args), kwargs, hint)
            case PartialVal(inner, first, named):
                return self.call(inner, first + args, {**named, **kwargs}, hint)
            case ArrayMethod(array, name):
                return self.call_method(array, name, args, kwargs, hint)
            case FunctionVal():
                return self.inline(function, args, kwargs)
            case ChoiceVal(test, then, otherwise):
                return self.choose(
                    test,
                    lambda: self.call(then, args, kwargs, hint),
                    lambda: self.call(otherwise, args, kwargs, hint),
                )
            case Const(constant):
                return self.call_object(constant, args, kwargs, hint)
            case Handle():
                method = self.class_method(function, "__call__")
                if method is not None:
                    return self.call(method, args, kwargs, hint)
        self.refuse(
            "not-callable",
            "this value can't be called",
            reason="it is not a function known when the derivative is generated.",
            remedy="a function, a lambda or a method",
            raises=TypeError,
        )

    def call_object(self, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value], hint: str | None) -> Value:
        if is_vectorized(function) and any(getattr(self.type_or_none(a), "rank", 0) for a in args):
            return self.call(self.vectorized(underlying(function), None, None), args, kwargs, hint)
        function = underlying(function)
        try:
            handler = HANDLERS.get(function)
        except TypeError:
            handler = None
        if handler is not None:
            return handler(self, args if function in LAZY else tuple(map(self.collected, args)), kwargs, hint)
        looked_through = self.look_through(function, args, kwargs, hint)
        if looked_through is not None:
            return looked_through
        if isinstance(function, functools.partial):
            named = {k: self.wrap(v, k) for k, v in function.keywords.items()}
            first = tuple(self.wrap(v, f"argument{k}") for k, v in enumerate(function.args))
            return self.call(Const(function.func), first + args, {**named, **kwargs}, hint)
        if isinstance(getattr(function, "__self__", None), np.random.RandomState):
            return draws.draw(self, Const(np.random), function.__name__, args, kwargs, hint)
        if isinstance(function, types.MethodType):
            known = spelled(function)
            if known is not None:
                return self.inline(self.function_value(known), args, kwargs)
            owner = function.__self__
            bound = Const(owner) if isinstance(owner, type) else self.instance(owner)
            return self.call(Const(function.__func__), (bound, *args), kwargs, hint)
        if isinstance(function, types.FunctionType) and (function.__module__, function.__name__) in MAKERS:
            return self.make_derivative(function, args, kwargs)
        rows = registry().lookup(function)
        if args and "dtype" in kwargs and any(function is f for f in CONVERTING):
            kwargs = dict(kwargs)
            args = self.cast_arguments((self.argument(args[0]),), kwargs) + args[1:]
        defined = self.by_definition(function, rows, args, kwargs)
        if defined is not None:
            return defined
        if rows:
            return self.rule_call(function, rows, args, kwargs, hint)
        if hasattr(function, "__adgen_inline__"):
            return self.call_derivative(function, args, kwargs)
        if isinstance(function, np.vectorize):
            return self.call(
                self.vectorized(function.pyfunc, function.excluded, function.signature), args, kwargs, hint
            )
        if isinstance(function, type):
            return self.construct(function, args, kwargs)
        if isinstance(function, types.FunctionType) and not is_impure(function):
            static = is_standard(function) and all(self.is_static(a) for a in (*args, *kwargs.values()))
            if static:
                return self.static_call(function, args, kwargs)
            return self.inline(self.function_value(function), args, kwargs)
        if is_impure(function):
            self.refuse(
                "impure-call",
                f"{getattr(function, '__name__', function)} depends on more than its arguments",
                reason="the derivative would be that of one call, frozen when it was made.",
                remedy="pass what it returns as an argument",
            )
        if all(self.is_static(a) for a in (*args, *kwargs.values())):
            return self.static_call(function, args, kwargs)
        if isinstance(function, types.BuiltinMethodType) and isinstance(function.__self__, str):
            if function.__name__ == "format":
                return method_of_literal(self, function, args, kwargs, hint)
        method = getattr(type(function), "__call__", None)  # noqa: B004 - the method itself is wanted
        if isinstance(method, types.FunctionType):
            return self.call(Const(method), (self.instance(function), *args), kwargs, hint)
        self.missing_rule(function)

    def make_derivative(self, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """``adgen.grad(f)`` in a function that is differentiated in turn."""
        if not all(self.is_static(a) for a in (*args, *kwargs.values())):
            self.refuse(
                "derivative-of-closure",
                f"adgen.{function.__name__} of a function that is defined here",
                reason="derivatives are made of functions that exist before the code is generated.",
                remedy="define the function, or its derivative, at the top of the module",
            )
        return self.static_call(function, args, kwargs)

    def call_derivative(self, derivative: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """A derivative made by adgen, called in a function that is differentiated in turn."""
        self.of_derivative = True
        return derivative.__adgen_inline__(self, args, kwargs)

    def missing_rule(self, function: Any) -> NoReturn:
        name = getattr(function, "__qualname__", None) or getattr(function, "__name__", None) or repr(function)
        module = (getattr(function, "__module__", None) or "").removeprefix("builtins")
        path = f"{module}.{name}" if module else name
        self.refuse(
            "no-rule",
            f"{path} has no rule and no Python source",
            kind=MissingRule,
            reason="adgen differentiates source, or applies a rule.",
            remedy=row_to_fill_in(function, path),
        )

    def is_static(self, value: Value) -> bool:
        match value:
            case Const():
                return True
            case TupleVal(items):
                return all(self.is_static(i) for i in items)
            case Handle(key):
                contents = self.heap[key]
                if isinstance(contents, ListContents):
                    return all(self.is_static(i) for i in contents.items)
                if isinstance(contents, DictContents):
                    return all(self.is_static(i) for i in contents.items.values())
        return False

    def static_call(self, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """A call all of whose arguments are known is made now."""
        values = [self.real_value(a) for a in args]
        named = {k: self.real_value(v) for k, v in kwargs.items()}
        before = copy.deepcopy([v if isinstance(v, list | dict | set) else None for v in values])
        result = self.fold(lambda *a: function(*a, **named), *values)
        assert isinstance(result, Const)
        for argument, old, new in zip(args, before, values, strict=True):
            if old is not None and old != new:  # the function wrote into its argument
                self.change(argument.key, self.heap[self.wrap_const(Const(new)).key])
        if isinstance(result.value, np.ndarray):
            return self.global_array(result.value, "constant", None, None, "")
        if isinstance(result.value, list | dict | tuple):
            return self.wrap_const(result)
        return result

    def real_value(self, value: Value) -> Any:
        match value:
            case Const(constant):
                return constant
            case TupleVal(items, cls):
                parts = [self.real_value(i) for i in items]
                return cls(*parts) if cls is not None else tuple(parts)
            case Handle(key):
                contents = self.heap[key]
                if isinstance(contents, ListContents):
                    return [self.real_value(i) for i in contents.items]
                if isinstance(contents, DictContents) and contents.is_set:
                    return contents.cls(contents.items)
                if isinstance(contents, DictContents):
                    return {k: self.real_value(v) for k, v in contents.items.items()}
        return self.static_value(value, "this argument")

    # ---- methods of arrays, numbers and containers

    def call_method(
        self, array: Value, name: str, args: tuple[Value, ...], kwargs: dict[str, Value], hint: str | None
    ) -> Value:
        kind = "list"
        if isinstance(array, Ref) and array.type == draws.GENERATOR:
            return draws.draw(self, array, name, args, kwargs, hint)
        if isinstance(array, Ref) and isinstance(array.type, Opaque):
            return text_method(self, array, name, args, kwargs, hint)
        if isinstance(array, Ref) and isinstance(array.type, Array | Scalar):
            kind = "array"
        elif isinstance(array, Ref) and isinstance(array.type, ListOf):
            kind = "residual"
        elif isinstance(array, TupleVal):
            kind = "tuple"
        elif isinstance(array, Handle):
            contents = self.heap[array.key]
            if isinstance(contents, Ref):
                return self.call_method(contents, name, args, kwargs, hint)
            kind = "dict" if isinstance(contents, DictContents) else "list"
        handler = METHODS[kind].get(name)
        if handler is None:
            self.refuse(
                "no-method",
                f"method {name!r} of {kind}s is not supported",
                reason="it has no rule.",
                remedy="a NumPy function, or a loop",
            )
        return handler(self, array, args, kwargs, hint)
