"""Calls: what has a rule, builtins, classes; Python functions are specialised in place."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any, NoReturn

import gast
import numpy as np

from adgen.errors import MissingRule

# Three of these are imported for what they put into the tables.
from adgen.frontend import array_functions, builtins, container_functions, draws, ufunc_methods  # noqa: F401
from adgen.frontend.distributions import spelled
from adgen.frontend.handlers import HANDLERS, METHODS
from adgen.frontend.operands import Operands
from adgen.frontend.read_source import underlying
from adgen.frontend.state import NUMBER, load, own_sizes, store
from adgen.frontend.users_rules import row_of_user, row_to_fill_in
from adgen.frontend.values import (
    NONE,
    ArrayMethod,
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
    TupleVal,
    Value,
)
from adgen.program.types import Array, ListOf, Opaque, Scalar, TupleOf
from adgen.rules.registry import registry, resolve

# Reductions whose `dtype` converts the elements before anything else is done.
CONVERTING = (
    *(np.sum, np.mean, np.prod, np.var, np.std, np.cumsum, np.cumprod, np.trace),
    *(np.nansum, np.nanmean, np.nanprod, np.nanvar, np.nanstd, np.nancumsum, np.nancumprod),
)
MAKERS = frozenset(("adgen.api", name) for name in ("grad", "value_and_grad", "vjp", "jvp"))


@functools.cache
def named_result(function: Any) -> type | None:
    """The named tuple that a function of np.linalg returns, if it does."""
    if function not in (np.linalg.eig, np.linalg.eigh, np.linalg.qr, np.linalg.slogdet, np.linalg.svd):
        return None
    cls = type(function(np.eye(1)))
    return cls if cls is not tuple else None


class Calls(Operands):
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
        function = underlying(function)
        try:
            handler = HANDLERS.get(function)
        except TypeError:
            handler = None
        if handler is not None:
            return handler(self, args, kwargs, hint)
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
        if isinstance(function, types.FunctionType):
            return self.inline(self.function_value(function), args, kwargs)
        if all(self.is_static(a) for a in (*args, *kwargs.values())):
            return self.static_call(function, args, kwargs)
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
        result = self.fold(lambda *a: function(*a, **named), *values)
        assert isinstance(result, Const)
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
                if isinstance(contents, DictContents):
                    return {k: self.real_value(v) for k, v in contents.items.items()}
        return self.static_value(value, "this argument")

    # ---- functions with rules

    def rule_call(
        self, function: Any, rows: list[Any], args: tuple[Value, ...], kwargs: dict[str, Value], hint: str | None
    ) -> Value:
        head, row = rows[0]
        if row.kind == "refused":
            self.refuse(
                "refused-function", f"{head.callee} can't be differentiated", reason=row.reason, remedy="see the reason"
            )
        args, kwargs = self.operands(args, kwargs, head.callee)
        args, kwargs = self.structural(function, rows, args, kwargs)
        out = kwargs.pop("out", None)
        if isinstance(function, np.ufunc) and len(args) > function.nin:
            out, args = args[function.nin], args[: function.nin]
        mask = kwargs.pop("where", None) if isinstance(function, np.ufunc) else None
        if isinstance(function, np.ufunc):
            args = self.cast_arguments(args, kwargs)
        if all(isinstance(a, Const) and isinstance(a.value, NUMBER) for a in args) and args and not kwargs:
            result: Value = self.fold(function, *(a.value for a in args))
            if not isinstance(result.value, NUMBER):
                result = self.residual_call(head.callee, function, args, kwargs, hint)
        else:
            result = self.residual_call(head.callee, function, args, kwargs, hint)
        return self.deliver(result, out, mask, hint)

    def cast_arguments(self, args: tuple[Value, ...], kwargs: dict[str, Value]) -> tuple[Value, ...]:
        """Arguments in the ``dtype=`` in which a function is told to compute; how it casts does not matter."""
        dtype = kwargs.pop("dtype", NONE)
        for option in ("casting", "order", "subok"):
            kwargs.pop(option, None)
        if isinstance(dtype, Const) and dtype.value is None:
            return args
        wanted = np.dtype(self.static_value(dtype, "dtype"))

        def cast(value: Value) -> Value:
            if isinstance(value, Const):
                return Const(wanted.type(value.value))
            if not isinstance(value, Ref):
                value = self.array_from(value)
            return value if self.dtype_of(value) == wanted else self.astype(value, wanted, None)

        return tuple(map(cast, args))

    def dtype_of(self, value: Value) -> np.dtype | None:
        return getattr(self.type_or_none(value), "dtype", None)

    def astype(self, value: Value, dtype: np.dtype, hint: str | None) -> Value:
        raise NotImplementedError

    def deliver(self, result: Value, out: Value | None, mask: Value | None, hint: str | None) -> Value:
        """Results of ``f(..., out=a, where=m)``."""
        if isinstance(out, TupleVal):
            (out,) = out.items
        if out is None or isinstance(out, Const) and out.value is None:
            if mask is not None and not (isinstance(mask, Const) and mask.value is True):
                self.refuse(
                    "where-without-out",
                    "`where=` without `out=`",
                    reason="the elements left out are whatever memory holds.",
                    remedy="np.where(mask, f(x), 0.0), or pass out=",
                )
            return result
        if mask is not None:
            result = self.call(Const(np.where), (mask, result, out), {}, hint)
        self.store_item(out, Const(Ellipsis), result)
        return out

    def argument(self, value: Value) -> Value:
        """An argument of a function with a rule: extents and iterators become plain values."""
        if isinstance(value, TupleVal):
            return TupleVal(tuple(self.argument(i) for i in value.items))
        if isinstance(value, Handle) and isinstance(self.heap[value.key], ListContents):
            return self.allocate(ListContents(tuple(self.argument(i) for i in self.heap[value.key].items)))
        if isinstance(value, Handle) and isinstance(self.heap[value.key], Ref):
            return self.heap[value.key]
        if isinstance(value, IterVal | RangeVal):
            items = self.known_items(value)
            if items is None and isinstance(value, RangeVal):
                return self.call(Const(np.arange), (value.start, value.stop, value.step), {})
            return self.allocate(ListContents(tuple(items or ())))
        if isinstance(value, SliceVal) and self.is_static(TupleVal((value.lower, value.upper, value.step))):
            return Const(slice(value.lower.value, value.upper.value, value.step.value))
        return self.plain(value)

    def residual_call(
        self, path: str, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value], hint: str | None
    ) -> Value:
        type_ = self.infer(row_of_user(function) or function, args, kwargs, path)
        expr = gast.Call(
            self.callee_expression(path, function),
            [self.call_atom(a) for a in args],
            [gast.keyword(k, self.call_atom(v)) for k, v in kwargs.items()],
        )
        if isinstance(type_, TupleOf):
            several, cls = type_, named_result(function)
            return self.guarded_call(path, args, lambda: self.define_several(expr, several, hint, cls))
        if isinstance(type_, Opaque):
            self.refuse(
                "no-type",
                f"{path} gives a {type_.what} here",
                reason="only numbers and arrays carry on.",
                remedy="another function",
            )
        return self.guarded_call(path, args, lambda: self.define(expr, type_, hint))

    def guarded_call(self, path: str, args: tuple[Value, ...], define: Callable[[], Value]) -> Value:
        """A call, with what happens if it raises an exception that is caught."""
        raise NotImplementedError

    def call_atom(self, value: Value) -> gast.expr:
        """Arguments may be dtypes and functions too."""
        if isinstance(value, Const) and not isinstance(value.value, (*NUMBER, str, bytes, type(None))):
            return self.constant_expression(value.value)
        if isinstance(value, TupleVal):
            return gast.Tuple([self.call_atom(v) for v in value.items], gast.Load())
        return self.atom(value)

    def constant_expression(self, constant: Any) -> gast.expr:
        if isinstance(constant, type) and issubclass(constant, np.generic):
            return gast.Attribute(load("np"), np.dtype(constant).name.replace("bool", "bool_"), gast.Load())
        if isinstance(constant, np.dtype):
            name = constant.name.replace("bool", "bool_")
            return gast.Attribute(load("np"), name, gast.Load())
        if any(constant is c for c in (float, int, bool, complex)):
            return load(constant.__name__)
        if isinstance(constant, slice):
            return gast.Call(
                load("slice"), [gast.Constant(v, None) for v in (constant.start, constant.stop, constant.step)], []
            )
        if isinstance(constant, tuple):
            return gast.Tuple([self.call_atom(Const(v)) for v in constant], gast.Load())
        self.refuse(
            "object-value",
            f"a {type(constant).__name__} is used as a number",
            reason="only numbers and arrays exist in the derivative.",
            remedy="numbers or arrays",
        )

    def callee_expression(self, path: str, function: Any) -> gast.expr:
        if row_of_user(function):
            name = getattr(function, "__name__", path)
            return load(self.global_name(name, function, None, getattr(function, "__module__", None), name))
        if path.startswith("rt."):
            original = resolve(path)  # `function` may be its copy in a generated module
            return load(self.global_name(path[3:], original, None, "adgen.runtime", path[3:]))
        root, *attributes = path.split(".")
        expr: gast.expr = load(root)
        for attribute in attributes:
            expr = gast.Attribute(expr, attribute, gast.Load())
        return expr

    def define_several(self, expr: gast.expr, type_: TupleOf, hint: str | None, cls: type | None = None) -> Value:
        stem = hint or "t"
        names = [self.fresh(stem, temporary=hint is None) for _ in type_.items]
        refs = []
        for name, item in zip(names, type_.items, strict=True):
            item = own_sizes(item, name)
            self.types[name] = item
            refs.append(Ref(name, item))
        target = gast.Tuple([store(n) for n in names], gast.Store())
        self.emit(gast.Assign([target], expr, None))
        return TupleVal(tuple(refs), cls if cls is not None and len(refs) == len(getattr(cls, "_fields", ())) else None)

    def array_from(self, value: Value) -> Value:
        return self.call(Const(np.array), (value,), {})

    # ---- methods of arrays, numbers and containers

    def call_method(
        self, array: Value, name: str, args: tuple[Value, ...], kwargs: dict[str, Value], hint: str | None
    ) -> Value:
        kind = "list"
        if isinstance(array, Ref) and array.type == draws.GENERATOR:
            return draws.draw(self, array, name, args, kwargs, hint)
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
