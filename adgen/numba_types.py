"""How Numba sees derivatives and their pullbacks: as types that can be called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from numba.core import cgutils, types
from numba.core.dispatcher import Dispatcher
from numba.core.errors import TypingError
from numba.core.imputils import lower_constant
from numba.core.typing.templates import signature
from numba.extending import NativeValue, intrinsic, make_attribute_wrapper, models, register_model, unbox

from adgen.errors import AdgenError


class DerivativeType(types.Callable):
    """The type of a derivative inside of compiled functions: for each types of arguments, a dispatcher."""

    def __init__(self, derivative: Any, make: Callable[..., Dispatcher]) -> None:
        self.derivative, self.make = derivative, make
        self._dispatchers: dict[Any, Dispatcher] = {}  # their types only refer to them
        self._keys: dict[Any, types.Dispatcher] = {}
        super().__init__(f"adgen({derivative!r}, {id(derivative)})")

    def get_call_type(self, context: Any, args: Any, kws: Any) -> Any:
        inner = self.dispatcher(tuple(args), dict(kws))
        found = inner.get_call_type(context, args, kws)
        self._keys[found] = inner
        return found

    def get_call_signatures(self) -> tuple[Any, bool]:
        return tuple(self._keys), True

    def get_impl_key(self, sig: Any) -> Any:
        return self._keys[sig].get_impl_key(sig)

    def dispatcher(self, args: tuple[Any, ...], kws: dict[str, Any]) -> types.Dispatcher:
        key = (args, tuple(kws.items()))
        if key not in self._dispatchers:
            try:
                self._dispatchers[key] = self.make(self.derivative, args, kws)
            except AdgenError as error:
                raise TypingError(str(error)) from error
        return types.Dispatcher(self._dispatchers[key])


@register_model(DerivativeType)
class _DerivativeModel(models.OpaqueModel):
    """Nothing of it exists at run time."""


@lower_constant(DerivativeType)
def _constant(context: Any, builder: Any, ty: Any, pyval: Any) -> Any:
    return context.get_dummy_value()


@unbox(DerivativeType)
def _unboxed(typ: Any, obj: Any, c: Any) -> NativeValue:
    return NativeValue(c.context.get_dummy_value())


class PullbackType(types.Callable):
    """A pullback inside of compiled functions: the arguments, and the shapes of the results.

    `pullback` makes the function of those and of a cotangent, for each type of cotangents.
    """

    def __init__(self, pullback: Any, primals: Any, shapes: Any) -> None:
        self.pullback, self.primals, self.shapes = pullback, primals, shapes
        self._dispatchers: dict[Any, Any] = {}
        super().__init__(f"adgen_pullback({id(pullback)}, {primals}, {shapes})")

    def get_call_type(self, context: Any, args: Any, kws: Any) -> Any:
        if len(args) != 1 or kws:
            raise TypingError("a pullback takes one cotangent")
        if args not in self._dispatchers:
            inner = self.pullback.dispatcher(args[0])
            pulled = lambda self, cotangent: inner(self.primals, self.shapes, cotangent)  # noqa: E731
            self._dispatchers[args] = numba.njit(pulled)  # pyright: ignore[reportArgumentType]
        found = types.Dispatcher(self._dispatchers[args]).get_call_type(context, (self, *args), {})
        self._dispatchers[found.args[1:]] = self._dispatchers[args]  # literals have become numbers
        return signature(found.return_type, *found.args[1:], recvr=self)

    def get_call_signatures(self) -> tuple[Any, bool]:
        return (), True

    def get_impl_key(self, sig: Any) -> Any:
        return types.Dispatcher(self._dispatchers[sig.args[1:]]).get_impl_key(sig)


@register_model(PullbackType)
class _PullbackModel(models.StructModel):
    def __init__(self, manager: Any, kind: PullbackType) -> None:
        super().__init__(manager, kind, [("primals", kind.primals), ("shapes", kind.shapes)])


make_attribute_wrapper(PullbackType, "primals", "primals")
make_attribute_wrapper(PullbackType, "shapes", "shapes")


def keeper(pullback: Any) -> Any:
    """A function of compiled code that makes the pullback of these arguments."""

    @intrinsic
    def keep(context: Any, primals: Any, shapes: Any) -> Any:
        kind = PullbackType(pullback, primals, shapes)

        def code(context: Any, builder: Any, own: Any, args: Any) -> Any:
            made = cgutils.create_struct_proxy(kind)(context, builder)
            made.primals, made.shapes = args
            for type_, value in zip(own.args, args, strict=True):
                context.nrt.incref(builder, type_, value)
            return made._getvalue()  # noqa: SLF001

        return kind(primals, shapes), code

    return keep
