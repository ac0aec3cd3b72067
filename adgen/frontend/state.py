"""The state of a specialisation: frames, heap, the block being written, names."""

from __future__ import annotations

import builtins
import enum
import keyword
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NoReturn

import gast
import numpy as np

from adgen.analyses.sizes import Sizes
from adgen.analyses.stand_ins import Static
from adgen.errors import AdgenError, UnsupportedSyntax
from adgen.frontend.extents import item_type, mentioned, own_sizes, rename_symbol
from adgen.frontend.frames import Frame, Guard, Mark, Snapshot, handles_in, holds
from adgen.frontend.nodes import is_condition, is_negative, is_written, load, store, with_items_of
from adgen.frontend.values import (
    Const,
    Handle,
    OptionalVal,
    Poison,
    Ref,
    ShapeItem,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.function import GlobalName
from adgen.program.spans import Span, with_span
from adgen.program.syntax import nodes_in
from adgen.program.types import INT, ListOf, Opaque, Scalar, Type

RESERVED = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"np", "math", "cmath", "sp", "operator", "numba"}
NUMBER = (bool, int, float, complex, np.generic)


class Restart(Exception):
    """What was found on the way decides things from the start: a function calls itself, a list holds other numbers."""


class State:
    """What every part of the specialiser shares."""

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.out: list[gast.stmt] = []
        self.top = self.out  # what is always carried out
        self.guards: list[Guard] = []
        self.frames: list[Frame] = []
        self.heap: dict[int, Any] = {}
        self.types: dict[str, Type] = {}
        self.temporaries: set[str] = set()
        self.used: set[str] = set()
        self.numbered, self.numbers = self.used, dict[str, int]()  # where to start looking for a free name
        self.definitions: dict[str, gast.expr] = {}  # of conditions and of negatives
        self.loop_targets: set[str] = set()
        self.active_targets: list[str] = []
        self.globals: dict[str, GlobalName] = {}
        self.frozen: dict[str, Any] = {}
        self.span: Span | None = None
        self.calls: list[Span | None] = []
        self.next_key = 0
        self.loop_guesses: dict[Any, dict[Any, Any]] = {}
        self.widened: dict[Any, Type] = {}  # lists that are made for other items than stand in them at first
        self.optional: dict[Any, Type] = {}  # what loops hand on and may be None: places, and types where it is not
        self.array_or_number: set[str] = set()  # variables that are an array without axes on some paths
        self.rebound: dict[Any, int] = {}  # where a loop puts another list of the same length each time: which
        self.read_early: set[tuple[int, str]] = set()  # variables that were read where they are not set yet
        self.item_guesses: dict[Any, Any] = {}  # of lists that a loop fills: what type their items have
        self.written_params: set[str] = set()
        self.params: set[str] = set()
        self.warnings: list[str] = []
        self.of_derivative = False  # whether derivatives are differentiated in turn
        self.recursive: set[int] = set()
        self.most_fixed = 0  # extents and integers among the arguments up to this one decide the code
        self.keeps_names = False  # while items are taken from a container, which goes on holding them
        self.errstate: dict[str, str] = {}  # what np.errstate has set
        self.joined: dict[int, set[int]] = {}  # objects that may be the same
        self.pristine: dict[tuple[int, str], Value] = {}  # attributes of real objects, as they were read

    # ---- frames, snapshots

    @property
    def frame(self) -> Frame:
        return self.frames[-1].taker or self.frames[-1]

    @property
    def depth(self) -> int:
        """Where among the frames the present one is."""
        return next(k for k, frame in enumerate(self.frames) if frame is self.frame)

    def snapshot(self) -> Snapshot:
        return Snapshot(tuple(dict(f.variables) for f in self.frames), dict(self.heap))

    def restore(self, snapshot: Snapshot) -> None:
        for frame, variables in zip(self.frames, snapshot.variables, strict=True):
            frame.variables = dict(variables)
        self.heap = dict(snapshot.heap)

    def allocate(self, contents: Any) -> Handle:
        self.next_key += 1
        self.heap[self.next_key] = contents
        return Handle(self.next_key)

    def mark(self) -> Mark:
        return Mark(self.snapshot(), set(self.used), self.out, len(self.out), list(self.guards))

    def rewind(self, mark: Mark) -> None:
        """Forget everything since a mark."""
        self.restore(mark.state)
        self.used, self.out, self.guards = set(mark.used), mark.out, list(mark.guards)
        del self.out[mark.written :]

    def change(self, key: int, contents: Any) -> None:
        """Write into a mutable object."""
        relatives = self.relatives_of(key)
        if relatives and relatives & self.reachable():
            self.refuse(
                "shared-object",
                "an object is written that was chosen by a condition, and is known by another name too",
                reason="which of them changes is known only at run time.",
                remedy="write it in both branches",
            )
        self.heap[key] = contents
        owner = getattr(contents, "owner", None)
        if owner is not None:
            self.heap[owner] = replace(self.heap[owner], attributes=contents.items)

    def relatives_of(self, key: int) -> set[int]:
        """Objects that may be the same as this one, since branches were joined."""
        found, stack = set(), [key]
        while stack:
            for other in self.joined.get(stack.pop(), ()):
                if other not in found:
                    found.add(other)
                    stack.append(other)
        return found - {key}

    def reachable(self) -> set[int]:
        """Keys of the objects that variables lead to."""
        found: set[int] = set()
        stack: list[Any] = list(self.frames)
        while stack:
            for handle in handles_in(stack.pop()):
                if handle.key not in found:
                    found.add(handle.key)
                    stack.append(self.heap.get(handle.key))
        return found

    @contextmanager
    def block(self) -> Iterator[list[gast.stmt]]:
        """Write statements into a new list for a while."""
        outer, guards = self.out, self.guards
        written: list[gast.stmt] = []
        self.out, self.guards = written, []
        try:
            yield written
            self.close_guards()
        finally:
            self.out, self.guards = outer, guards

    def close_guards(self) -> None:
        raise NotImplementedError

    def throw(self, cls: type[BaseException], error: Value | None = None) -> None:
        """Go to the handler of an exception that is raised for sure; nothing happens if there is none."""
        raise NotImplementedError

    def catches(self, *classes: type[BaseException]) -> bool:
        """Whether a handler around the present place catches one of these."""
        raise NotImplementedError

    def present(self, value: OptionalVal) -> Value:
        raise NotImplementedError

    def guarded_conversion(self, value: Value) -> None:
        """What ``int(value)`` may raise."""
        raise NotImplementedError

    # ---- errors

    def refuse(
        self,
        slug: str,
        what: str,
        *,
        reason: str,
        remedy: str,
        kind: type[AdgenError] = UnsupportedSyntax,
        raises: type[BaseException] | None = None,
        always: bool = False,
    ) -> NoReturn:
        """Refuse; or, where the program would raise an exception here and catches it, go to the handler.

        If it raises `always`, a branch in which that stands is one that raises.
        """
        if raises is not None:
            self.throw(raises)
        error = kind(slug, what, self.span, reason=reason, remedy=remedy)
        error.raises = raises if always else None
        error.chain = tuple(s for s in self.calls if s is not None)
        raise error

    # ---- names and statements

    def fresh(self, hint: str, *, temporary: bool = False) -> str:
        hint = hint.partition("%")[0]
        hint = hint if hint.isidentifier() else "t"
        k = self.first_number(hint) if temporary else 0
        name = numbered(hint, k)
        users = {"t"}.union(*(f.names for f in self.frames)) if temporary else ()  # a loop over time counts with `t`
        while name in self.used or name in RESERVED or name in users:
            k += 1
            name = numbered(hint, k)
        self.used.add(name)
        self.definitions.pop(name, None)  # of a variable that was undone
        if temporary:
            self.numbers[hint] = k + 1
            self.temporaries.add(name)
        return name

    def first_number(self, hint: str) -> int:
        """Where to start looking for a temporary's name: those below are taken."""
        if self.numbered is not self.used:  # names were undone
            self.numbers, self.numbered = {}, self.used
        return self.numbers.get(hint, 0)

    def release(self, name: str) -> None:
        """A name may be given again."""
        self.used.discard(name)
        stem = name.rstrip("0123456789")
        if stem in self.numbers:
            self.numbers[stem] = min(self.numbers[stem], int(name.removeprefix(stem) or 0))

    def emit(self, statement: gast.stmt) -> None:
        self.out.append(with_span(statement, self.span))

    def define(self, expr: gast.expr, type_: Type, hint: str | None = None) -> Ref:
        """Add ``name = expr`` and return the name."""
        name = self.fresh(hint or "t", temporary=hint is None)
        if isinstance(type_, Scalar) and type_.kind in "iu" and type_.value is None:
            type_ = replace(type_, value=Dim.symbol(name))
        type_ = own_sizes(type_, name)
        if isinstance(type_, ListOf):
            origin = (self.span, name)
            item = self.widened.get(origin, type_.item and item_type(type_.item, self.sizes.entry_symbols))
            type_, expr = ListOf(item, origin), with_items_of(expr, item)
        self.types[name] = type_
        if is_condition(expr) or (is_negative(expr) and isinstance(type_, Scalar) and type_.kind == "f"):
            self.definitions[name] = expr
        self.emit(gast.Assign([store(name)], expr, None))
        return Ref(name, type_)

    def rename_last(self, value: Value, hint: str) -> Value:
        """If `value` is the temporary that was defined last, and nothing else holds it, give it the user's name."""
        if not (isinstance(value, Ref) and value.name in self.temporaries and self.out):
            return value
        name = value.name
        if self.keeps_names:
            return value
        for back in range(1, min(len(self.out), LOOK_BACK) + 1):
            match self.out[-back]:
                case gast.Assign(targets=[gast.Name(id=found)]) if found == name:
                    if back > 1 and (name in mentioned(value.type) or is_written(self.out[-back + 1 :], name)):
                        return value
                    # A list that is a variable of the program gets the user's name with it.
                    containers = [c for c in self.heap.values() if not isinstance(c, Ref)]
                    if holds((*self.frames, *containers), name):
                        return value
                    return self.renamed(value, hint, self.out[len(self.out) - back :])
        return value

    def renamed(self, value: Ref, hint: str, statements: list[gast.stmt]) -> Ref:
        new = self.fresh(hint)
        for statement in statements:
            for node in nodes_in(statement):
                if isinstance(node, gast.Name) and node.id == value.name:
                    node.id = new
        self.temporaries.discard(value.name)
        self.release(value.name)
        if value.name in self.definitions:
            self.definitions[new] = self.definitions.pop(value.name)
        type_ = rename_symbol(self.types.pop(value.name), value.name, new)
        self.types[new] = type_
        return Ref(new, type_, value.static)

    # ---- atoms

    def atom(self, value: Value) -> gast.expr:
        """The expression (a name or constant) that stands for a value in the program."""
        match value:
            case Const(constant):
                if (
                    isinstance(constant, NUMBER)
                    or constant is None
                    or isinstance(constant, str | bytes)
                    or constant is Ellipsis
                ):
                    return gast.Constant(plain_number(constant), None)
                return self.constant_expression(constant)
            case Ref(name):
                return load(name)
            case ShapeItem():
                return load(self.shape_item(value).name)
            case TupleVal(items):
                return gast.Tuple([self.atom(item) for item in items], gast.Load())
            case Handle():
                return self.container_expression(value)
            case OptionalVal():
                return self.atom(self.present(value))
            case Poison("consequence"):
                self.refuse("consequence", "this value is not known", reason="of an earlier refusal.", remedy="")
            case Poison(reason):
                self.refuse(
                    "undecided-value",
                    "this value depends on the path taken",
                    reason=reason,
                    remedy="give the variable the same type on all paths",
                )
        self.refuse(
            "not-a-number",
            f"a {type(value).__name__.removesuffix('Val').lower()} can't be used here",
            reason="only numbers, arrays and lists of them exist in the derivative.",
            remedy="numbers or arrays",
        )

    def container_expression(self, value: Handle) -> gast.expr:
        raise NotImplementedError

    def constant_expression(self, constant: Any) -> gast.expr:
        raise NotImplementedError

    def shape_item(self, item: ShapeItem) -> Ref | Const:
        if item.dim.is_const:
            return Const(item.dim.const)  # type: ignore[return-value]
        expr = gast.Subscript(
            gast.Attribute(load(item.array), "shape", gast.Load()), gast.Constant(item.axis, None), gast.Load()
        )
        return self.define(expr, replace(INT, value=item.dim))

    def type_of(self, value: Value) -> Any:
        """Type, `Static` or nested tuple of those, as `analyses.types` takes them."""
        match value:
            case Const(constant):
                return Static(constant)
            case Ref(_, type_):
                return type_
            case ShapeItem(_, _, dim):
                return replace(INT, value=dim)
            case TupleVal(items):
                return tuple(self.type_of(item) for item in items)
            case Handle(key) if hasattr(self.heap[key], "items") and isinstance(self.heap[key].items, tuple):
                return [self.type_of(item) for item in self.heap[key].items]
            case Handle(key) if isinstance(self.heap[key], Ref):
                return self.heap[key].type
            case OptionalVal():
                return self.type_of(self.present(value))
            case Poison():
                self.atom(value)
        return Opaque(type(value).__name__)


def plain_number(constant: Any) -> Any:
    """A constant as Python writes it: no NumPy scalars, no members of enumerations."""
    if isinstance(constant, np.generic):
        return constant.item()
    if isinstance(constant, enum.Enum):
        return constant.value
    return constant


def numbered(hint: str, k: int) -> str:
    return hint if k == 0 else f"{hint}_{k}" if hint[-1].isdigit() else f"{hint}{k}"


LOOK_BACK = 24
