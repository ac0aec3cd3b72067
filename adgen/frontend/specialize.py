"""A Python function and the types of its arguments, to a program in normal form."""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import re
import sys
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from adgen.analyses.pruning import prune
from adgen.analyses.sizes import Sizes
from adgen.analyses.stand_ins import Static
from adgen.errors import AdgenError, Refusals
from adgen.frontend.completion import complete
from adgen.frontend.draws import GENERATOR, GENERATORS
from adgen.frontend.frames import Frame
from adgen.frontend.joins import GrowsInBranch
from adgen.frontend.read_source import is_vectorized, names_of_items, underlying
from adgen.frontend.records import is_called_with_fields
from adgen.frontend.results import Results
from adgen.frontend.state import NUMBER, Restart
from adgen.frontend.values import (
    Const,
    DictContents,
    Handle,
    ListContents,
    ObjectContents,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.function import Function
from adgen.program.objects import attribute_names, child_name, is_object
from adgen.program.trees import Branch, Leaf, Tree, leaves
from adgen.program.types import FLOAT, Abstract, Array, Scalar, Type, int_type_of, type_of_number


@dataclass(frozen=True)
class Program:
    """A function, specialised: its normal form and how arguments and results map to its variables."""

    function: Function
    parameters: tuple[str, ...]  # of the original function, in order
    arguments: Mapping[str, Tree]
    result: Tree
    frozen: Mapping[str, Any]  # arguments whose value is part of the specialisation
    statics: Mapping[str, Any]
    file: str
    line: int
    warnings: tuple[str, ...] = ()
    prologue: Mapping[str, str] = field(default_factory=dict)  # leaf name -> expression of the argument
    observed: Mapping[str, int] = field(default_factory=dict)
    sizes: Sizes = field(default_factory=Sizes)
    of_derivative: bool = False  # whether derivatives were differentiated in turn


class Specializer(Results):
    """The whole frontend, assembled."""

    def __init__(self, sizes: Sizes, promote: frozenset[str]) -> None:
        super().__init__(sizes)
        self.promote = promote
        self.prologue: dict[str, str] = {}
        self.differentiated: frozenset[str] = frozenset()
        self.objects: dict[int, tuple[Value, Tree] | None] = {}
        self.statics: dict[str, Any] = {}
        self.strided: set[str] = set()
        self.item_names: Mapping[str, str] = {}  # what the function calls the items of its arguments

    # ---- arguments

    def parameter(self, name: str, value: Any, path: str, *, promote: bool) -> tuple[Value, Tree]:
        """The abstract value of an argument, and where its numbers sit."""
        if isinstance(value, Static):
            return known_value(value.value), Leaf(None, None, value.value, path)
        if isinstance(value, Abstract):
            return self.abstract_parameter(name, value.type, path)
        if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
            made = self.array_parameter(name, value.dtype, value.shape, path)
            if not value.flags.c_contiguous and isinstance(made[0], Ref):
                self.strided.add(made[0].name)
            return made
        if isinstance(value, GENERATORS):
            name = self.leaf(name, path)
            self.types[name] = GENERATOR
            return Ref(name, GENERATOR), Leaf(name, GENERATOR, None, path)
        if isinstance(value, bool | np.bool_ | enum.Enum) or not isinstance(value, NUMBER):
            return self.container_parameter(name, value, path, promote=promote)
        type_ = FLOAT if promote and isinstance(value, int | np.integer) else type_of_number(value)
        return self.number_parameter(name, type_, value, path)

    def abstract_parameter(self, name: str, type_: Type, path: str) -> tuple[Value, Tree]:
        if isinstance(type_, Array):
            return self.array_parameter(name, type_.dtype, type_.shape, path)
        return self.number_parameter(name, type_, None, path)

    def number_parameter(self, name: str, type_: Type, value: Any, path: str) -> tuple[Value, Tree]:
        name = self.leaf(name, path)
        if isinstance(type_, Scalar) and type_.kind in "iu":
            type_ = int_type_of(self.entry_dim(name, None if value is None else int(value)))
        self.types[name] = type_
        return Ref(name, type_, value if isinstance(type_, Scalar) and type_.kind in "iu" else None), Leaf(
            name, type_, None, path
        )

    def array_parameter(self, name: str, dtype: np.dtype, shape: Sequence[Any], path: str) -> tuple[Value, Tree]:
        name = self.leaf(name, path)
        dims = tuple(
            size if isinstance(size, Dim) else self.entry_dim(f"{name}.shape[{k}]", size)
            for k, size in enumerate(shape)
        )
        for dim in dims:
            self.sizes.entry_symbols |= set(dim.symbols)
        type_ = Array(dtype, dims)
        self.types[name] = type_
        return Ref(name, type_), Leaf(name, type_, None, path)

    def leaf(self, name: str, path: str) -> str:
        name = self.fresh(name)
        self.params.add(name)
        if name != path:
            self.prologue[name] = path
        return name

    def container_parameter(self, name: str, value: Any, path: str, *, promote: bool) -> tuple[Value, Tree]:
        match value:
            case dict():
                promote = False  # an int inside of a container stays one
                self.check_keys(value)
                pairs = {
                    k: self.parameter(child_name(name, k), v, f"{path}[{k!r}]", promote=promote)
                    for k, v in value.items()
                }
                handle = self.allocate(DictContents({k: v for k, (v, _) in pairs.items()}))
                return handle, Branch("dict", tuple(pairs), tuple(t for _, t in pairs.values()))
            case list() | tuple():
                promote = False
                names = getattr(value, "_fields", None)
                own = [self.item_names.get(f"{path}[{k}]") for k in range(len(value))]
                hints = [n or child_name(name, names[k] if names else k) for k, n in enumerate(own)]
                parts = [self.parameter(hints[k], v, f"{path}[{k}]", promote=promote) for k, v in enumerate(value)]
                keys, trees = tuple(range(len(parts))), tuple(t for _, t in parts)
                if isinstance(value, list):
                    return self.allocate(ListContents(tuple(v for v, _ in parts))), Branch("list", keys, trees)
                cls = type(value) if names else None
                return TupleVal(tuple(v for v, _ in parts), cls), Branch("tuple", keys, trees, cls)
        if isinstance(value, enum.Enum):
            self.statics[path] = value
            return Const(value), Leaf(None, None, value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            if path.split(".", maxsplit=1)[0].split("[", maxsplit=1)[
                0
            ] in self.differentiated and not is_called_with_fields(type(value)):
                return self.object_parameter(value, path)
            fields = [f.name for f in dataclasses.fields(value)]
            parts = [self.parameter(f, getattr(value, f), f"{path}.{f}", promote=promote) for f in fields]
            attributes = dict(zip(fields, (v for v, _ in parts), strict=True))
            handle = self.allocate(ObjectContents(type(value), attributes, value, f"@{path}"))
            return handle, Branch("object", tuple(fields), tuple(t for _, t in parts), type(value))
        if self.is_differentiated(path) and is_object(value):
            return self.object_parameter(value, path)
        if is_object(value):
            handle = self.allocate(ObjectContents(type(value), {}, value, f"@{path}"))
            return handle, Leaf(None, None, value, path)
        self.statics[path] = value
        return Const(value), Leaf(None, None, value, path)

    def is_differentiated(self, path: str) -> bool:
        """Whether the argument that holds this value is one of those that are differentiated."""
        return re.split(r"[.\[]", path, maxsplit=1)[0] in self.differentiated

    def object_parameter(self, value: Any, path: str) -> tuple[Value, Tree]:
        """An object by whose attributes a function is differentiated."""
        if id(value) not in self.objects:
            self.objects[id(value)] = None
            names = attribute_names(value)
            parts = [self.parameter(n, getattr(value, n), f"{path}.{n}", promote=False) for n in names]
            attributes = dict(zip(names, (v for v, _ in parts), strict=True))
            handle = self.allocate(ObjectContents(type(value), attributes, value, f"@{path}"))
            self.objects[id(value)] = handle, Branch("record", tuple(names), tuple(t for _, t in parts), type(value))
        known = self.objects[id(value)]
        if known is None:
            self.refuse(
                "cyclic-argument",
                f"{path} is a {type(value).__name__} that leads back to itself",
                reason="its gradient, which has the same structure, would have no end.",
                remedy="an argument that holds the parameters only",
            )
        return known

    def check_keys(self, value: dict[Any, Any]) -> None:
        for key in value:
            if not isinstance(key, int | float | str | bytes | tuple | None) or isinstance(key, enum.Enum):
                self.refuse(
                    "argument-key",
                    f"an argument is a dict with a {type(key).__name__} as key",
                    reason="generated code has to write the key down.",
                    remedy="keys that are text or numbers",
                )

    def origin_attribute(self, base: Handle, contents: ObjectContents, name: str) -> Value:
        """Attributes of an object that is an argument are read from the argument at each call."""
        if contents.path.startswith("@"):
            own = getattr(contents.origin, "__dict__", {})
            value = own.get(name)
            if isinstance(value, (np.ndarray, list, tuple, dict, *NUMBER)):
                path = f"{contents.path[1:]}.{name}"
                return self.read_attribute(base, name, self.parameter(name, value, path, promote=False)[0])
        return super().origin_attribute(base, contents, name)

    def passed(self, function: Any, values: Mapping[str, Value], bound: Any) -> tuple[Any, Any]:
        """Positional and keyword arguments of the call that is specialised."""
        spec = function.node.args
        plain = [a.id for a in (*spec.posonlyargs, *spec.args)]
        first = next((k for k, name in enumerate(plain) if name not in values), len(plain))  # that is left out
        positional = [values[name] for name in plain[:first]]
        if bound is not None:
            positional.insert(0, Const(bound) if isinstance(bound, type) else self.instance(bound, "self"))
        if spec.vararg is not None and spec.vararg.id in values:
            positional += self.known_items(values[spec.vararg.id]) or ()
        named = [*plain[first:], *(a.id for a in spec.kwonlyargs)]
        return tuple(positional), {name: values[name] for name in named if name in values}


# What may be done where sizes are known: it is tried again for those at hand, if they are small.
SETTLED_BY_SIZES = frozenset(
    "empty-list unknown-length mixed-list list-store must-be-known loop-structure dynamic-key undecided-value"
    " branch-list unstable-loop".split()
)
MOST_FIXED = 16


def known_value(value: Any) -> Value:
    """A value that is part of the program, as if it stood there."""
    return TupleVal(tuple(map(known_value, value))) if isinstance(value, tuple) else Const(value)


def specialize(
    function: Any,
    arguments: Mapping[str, Any],
    *,
    promote: frozenset[str] = frozenset(),
    sizes: Sizes | None = None,
    most_fixed: int = 0,
) -> Program:
    """Specialise a function on example arguments, on types (`Abstract`) or on known values (`Static`).

    Parameters
    ----------
    arguments
        By name, in the order of the signature; ``*args`` under its own name as a tuple.
    promote
        Names of arguments whose Python ints count as floats (those differentiated).
    most_fixed
        Sizes and integers among the arguments up to this one are part of the specialisation.
    """
    try:
        return _specialize(function, arguments, promote, sizes, collecting=False, most_fixed=most_fixed)
    except AdgenError as first:
        if first.slug in SETTLED_BY_SIZES and not most_fixed:
            with contextlib.suppress(AdgenError):
                return _specialize(function, arguments, promote, sizes, collecting=False, most_fixed=MOST_FIXED)
        raise all_refusals(function, arguments, promote, sizes, first) from None


def all_refusals(
    function: Any, arguments: Mapping[str, Any], promote: frozenset[str], sizes: Sizes | None, first: AdgenError
) -> AdgenError:
    """Everything that is refused in the function, not only what was met first."""
    found: list[AdgenError] = []
    try:
        _specialize(function, arguments, promote, sizes, collecting=True, refusals=found)
    except AdgenError as error:
        if error.slug != "consequence" and all((e.span, e.slug) != (error.span, error.slug) for e in found):
            found.append(error)
    if all((e.span, e.slug) != (first.span, first.slug) for e in found):
        found.insert(0, first)
    return found[0] if len(found) == 1 else Refusals(found)


def _specialize(
    function: Any,
    arguments: Mapping[str, Any],
    promote: frozenset[str],
    sizes: Sizes | None,
    *,
    collecting: bool,
    most_fixed: int = 0,
    refusals: list[AdgenError] | None = None,
) -> Program:
    elementwise = is_vectorized(function)
    function = underlying(function)
    recursive: set[int] = set()
    widened: dict[Any, Any] = {}
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 20_000))
    try:
        while True:
            s = Specializer(sizes or Sizes(), promote)
            s.recursive, s.widened, s.most_fixed = recursive, widened, most_fixed
            s.collecting, s.refusals = collecting, [] if refusals is None else refusals
            try:
                return _run(s, function, arguments, elementwise=elementwise)
            except Restart:
                continue
            except GrowsInBranch:
                s.refuse_branch_list()
    finally:
        sys.setrecursionlimit(limit)


def _run(s: Specializer, function: Any, arguments: Mapping[str, Any], *, elementwise: bool) -> Program:
    promote = s.differentiated = s.promote
    s.used |= set(arguments)
    target, bound = unbound(function)
    value_of = s.function_value(target)
    s.frames.append(Frame({}, value_of.globals, value_of.file, value_of.name))
    values: dict[str, Value] = {}
    trees: dict[str, Tree] = {}
    s.item_names = names_of_items(value_of.node)
    for name, example in arguments.items():
        s.release(name)
        values[name], trees[name] = s.parameter(name, example, name, promote=name in promote)
        s.used.add(name)  # also that of a container or of a flag, whose value is known
    if hasattr(function, "__adgen_inline__"):  # a derivative is differentiated again
        result = s.call_derivative(function, tuple(values.values()), {})
    elif elementwise and any(getattr(s.type_or_none(v), "rank", 0) for v in values.values()):
        result = s.call(s.vectorized(function, None, None), *s.passed(value_of, values, bound))
    else:
        result = s.inline(value_of, *s.passed(value_of, values, bound))
    tree = s.result_tree(result)
    results = [leaf.name for leaf in leaves(tree) if leaf.name is not None]
    if not results:
        results = [n for n in s.params if isinstance(s.types.get(n), Array)]
    s.sizes.certain = False
    complete(s.out, results, s.types, s.sizes)
    body = tuple(prune(s.out, results, s.types))
    primal = Function(
        value_of.name,
        tuple(sorted(s.params, key=list(s.types).index)),
        body,
        s.types,
        frozenset(s.temporaries),
        globals=dict(s.globals),
        checks=tuple(s.sizes.checks),
        strided=frozenset(s.strided),
    )
    return Program(
        primal,
        tuple(arguments),
        trees,
        tree,
        dict(s.frozen),
        dict(s.statics),
        value_of.file,
        value_of.function.__code__.co_firstlineno,
        tuple(s.warnings),
        dict(s.prologue),
        dict(s.sizes.observed),
        s.sizes,
        s.of_derivative,
    )


def unbound(function: Any) -> tuple[Any, Any]:
    """The Python function behind a method, a callable object or a derivative; the instance, if any."""
    if hasattr(function, "__adgen_inline__"):
        return unbound(underlying(function.function))[0], None
    if isinstance(function, types.MethodType):
        return underlying(function.__func__), function.__self__
    if isinstance(function, types.FunctionType):
        return function, None
    return underlying(type(function).__call__), function
