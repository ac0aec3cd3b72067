"""The walk over a program: statements and expressions, innermost first."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import gast

from adgen import runtime
from adgen.analyses.effects import Effects, dotted
from adgen.analyses.sizes import Sizes
from adgen.analyses.stand_ins import NoType
from adgen.frontend.text import method_type
from adgen.lower import along, elements, helpers, indices, loops, native, objects, products, reductions, shapes, special
from adgen.lower.fusion import fuse_arrays
from adgen.lower.helpers import Helper
from adgen.lower.rounding import round_as_written
from adgen.lower.trees import build, name
from adgen.lower.typing import ProgramTypes
from adgen.optimize.trees import with_fields
from adgen.program.function import Function, GlobalName
from adgen.program.spans import Span, span_of, with_span
from adgen.program.syntax import nodes_in
from adgen.program.types import INT, Array, Opaque, Scalar, Type
from adgen.rules.registry import resolve

Respelling = Callable[["Lowering", Mapping[str, Any], gast.Call], "gast.expr | None"]
RESPELLINGS: dict[str, Respelling] = {
    **reductions.RESPELLINGS,
    **shapes.RESPELLINGS,
    **products.RESPELLINGS,
    **elements.RESPELLINGS,
    **along.RESPELLINGS,
    **loops.RESPELLINGS,
}


@dataclass(frozen=True)
class Lowered:
    """A function for Numba, and what its module needs besides.

    Attributes
    ----------
    helpers
        Texts of functions made for this one, which Numba compiles too.
    plain
        Functions of `adgen.runtime` that are called in object mode, so not compiled.
    """

    function: Function
    helpers: tuple[Helper, ...]
    plain: tuple[Any, ...]


def lower(function: Function, sizes: Sizes, decorator: str) -> Lowered:
    """A function whose body Numba compiles, with the same results.

    >>> from adgen.optimize.showing import array, show
    >>> print(show(lambda f: lower(f, Sizes(), "@njit").function, '''
    ... ws = np.mean(X, axis=0)
    ... k = np.einsum("i,i->", ws, xs)
    ... np.add.at(us, rows, k)''', types={"rows": array("m", dtype=int)}))
    ws = mean_along_last(X.T)
    k = ws @ xs
    for i in range(rows.shape[0]):
        us[rows[i]] += k
    """
    objects.refuse_unknown_precision(function)
    walk = Lowering(function, sizes, decorator)
    body = walk.block(list(function.body))
    round_as_written(body, decorator, walk.type_of, walk.fresh, walk.helpers)
    new = replace(function, body=tuple(body), types=walk.types, globals=walk.globals)
    return Lowered(new, tuple(walk.helpers.values()), tuple(walk.plain.values()))


class Lowering:
    """State of the walk: types, names in use, statements that come before the one at hand."""

    def __init__(self, function: Function, sizes: Sizes, decorator: str) -> None:
        self.function, self.sizes, self.decorator = function, sizes, decorator
        self.types: dict[str, Type] = dict(function.types)
        self.globals: dict[str, GlobalName] = dict(function.globals)
        self.infer_type = ProgramTypes(self.types, sizes, self.globals)
        self.used = set(self.types) | set(self.globals) | {"np", "math", "numba"}
        self.used |= {n.id for s in function.body for n in nodes_in(s) if isinstance(n, gast.Name)}
        self.before: list[gast.stmt] = []
        self.helpers: dict[str, Helper] = {}
        self.plain: dict[str, Any] = {}
        self.span: Span | None = None
        self.index_dtype = INT.dtype
        self.mutated = indices.with_bases(function.body, Effects(function).block(function.body).mutates)
        self.has_single = any(getattr(t, "dtype", None) in elements.SINGLE for t in self.types.values())

    def nested(self, function: Function, sizes: Sizes) -> Function:
        """A helper, lowered with the names and the helpers of this module."""
        function = fuse_arrays(function, sizes)
        inner = Lowering(function, sizes, self.decorator)
        inner.used |= self.used
        inner.globals |= {n: g for n, g in self.globals.items() if g.module == "adgen.runtime"}
        inner.helpers, inner.plain = self.helpers, self.plain
        body = inner.block(list(function.body))
        round_as_written(body, self.decorator, inner.type_of, inner.fresh, inner.helpers)
        self.used |= inner.used
        for key, entry in inner.globals.items():
            self.globals.setdefault(key, entry)
        return replace(function, body=tuple(body), types=inner.types, globals=inner.globals)

    # ---- facts

    def type_of(self, node: gast.expr) -> Type | None:
        """The type of an expression of the original program."""
        try:
            return self.infer_type.infer(node)
        except (NoType, AttributeError, KeyError, TypeError, ValueError, IndexError):
            return None

    def array(self, node: gast.expr) -> Array | None:
        kind = self.type_of(node)
        return kind if isinstance(kind, Array) else None

    def rank(self, node: gast.expr) -> int:
        """Axes of an array; 0 for numbers."""
        return getattr(self.type_of(node), "rank", 0)

    # ---- names

    def fresh(self, hint: str) -> str:
        new, k = hint, 0
        while new in self.used:
            k += 1
            new = f"{hint}{k}"
        self.used.add(new)
        return new

    def runtime(self, function: str) -> gast.Name:
        """A function of `adgen.runtime` that Numba compiles, by its name in the module."""
        value = getattr(runtime, function)
        for known in self.globals.values():
            if known.value is value:
                return name(known.name)
        new = self.fresh(function)
        self.globals[new] = GlobalName(new, value, "adgen.runtime", function)
        return name(new)

    def variable(self, value: gast.expr, hint: str = "t", type_: Type | None = None) -> gast.Name:
        """A name for the value of an expression, which is computed before the statement at hand."""
        if isinstance(value, gast.Name):
            return value
        new = self.fresh(hint)
        type_ = type_ or self.type_of(value)
        if type_ is not None:
            self.types[new] = type_
        self.emit(gast.Assign([gast.Name(new, gast.Store(), None, None)], value, None))
        return name(new)

    def emit(self, statement: gast.stmt) -> None:
        self.before.append(with_span(statement, self.span))

    # ---- statements

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        outer, outer_span = self.before, self.span
        for statement in body:
            self.before, self.span = [], span_of(statement)
            new = self.statement(statement)
            done += [*self.before, *new]
        self.before, self.span = outer, outer_span
        return done

    def statement(self, statement: gast.stmt) -> list[gast.stmt]:
        if isinstance(statement, gast.Assign | gast.AugAssign):
            value = elements.without_branches(self, statement.value)
            statement = statement if value is statement.value else with_fields(statement, value=value)
        match statement:
            case gast.While():
                return self.loop(statement)
            case gast.If(test=test):
                new = copy.copy(statement)
                new.test = self.expr(test)
                new.body, new.orelse = self.block(statement.body), self.block(statement.orelse)
                return [new]
            case gast.For():
                new = copy.copy(statement)
                new.iter, new.body = self.expr(statement.iter), self.block(statement.body)
                return [new]
            case gast.Assign(targets=[gast.Subscript() as place]) | gast.AugAssign(target=gast.Subscript() as place):
                return indices.stored(self, statement, place)
            case gast.Assign(targets=[target], value=value):
                indices.refuse_views_without_axes(self, target, value)
                self.define(target, value)
                new = copy.copy(statement)
                if isinstance(target, gast.Tuple) and isinstance(value, gast.Tuple):
                    items = [self.settled(t, v) for t, v in zip(target.elts, value.elts, strict=True)]
                    new.value = gast.Tuple(items, gast.Load())
                else:
                    new.value = self.settled(target, value)
                return [new]
            case gast.AugAssign(target=gast.Name() as target) if self.is_pointlike(target):
                new = copy.copy(statement)
                new.target, new.value = build("x[()]", x=target), self.expr(statement.value)
                return [new]
            case gast.Expr(value=gast.Call() as call):
                replaced = self.effect(call)
                if replaced is not None:
                    return replaced
        return [self.with_lowered_parts(statement)]

    def with_lowered_parts(self, statement: gast.stmt) -> gast.stmt:
        new = copy.copy(statement)
        for field in ("value", "test", "exc", "msg"):
            part = getattr(statement, field, None)
            if isinstance(part, gast.expr):
                setattr(new, field, self.raised(part) if field == "exc" else self.expr(part))
        return new

    def raised(self, node: gast.expr) -> gast.expr:
        """Exceptions keep their arguments if those are constants: Numba raises no others."""
        if isinstance(node, gast.Call) and not all(isinstance(a, gast.Constant) for a in node.args):
            return gast.Call(node.func, [], [])
        return node

    def loop(self, statement: gast.While) -> list[gast.stmt]:
        """``while test`` with statements before the test is ``while True`` with a break."""
        new = copy.copy(statement)
        outer, self.before = self.before, []
        new.test = self.expr(statement.test)
        first, self.before = self.before, outer
        new.body = self.block(statement.body)
        if first:
            leave = gast.If(gast.UnaryOp(gast.Not(), new.test), [gast.Break()], [])
            new.body = [*first, leave, *new.body]
            new.test = gast.Constant(True, None)
        return [new]

    def settled(self, target: gast.expr, value: gast.expr) -> gast.expr:
        """A value lowered for its name: an array without axes where the name holds one, a number where not."""
        new = self.expr(value)
        if self.is_pointlike(target) and not self.is_pointlike(value):
            return build("np.asarray(x)", x=new)
        is_number = isinstance(self.types.get(getattr(target, "id", "")), Scalar)
        if is_number and (self.is_pointlike(value) or shapes.is_without_axes(self.type_of(value))):
            return build("np.asarray(x)[()]", x=new)
        return new

    def is_pointlike(self, target: gast.expr) -> bool:
        """Whether a name holds an array without axes; Numba computes numbers where NumPy does those."""
        kind = self.types.get(target.id) if isinstance(target, gast.Name) else None
        return isinstance(kind, Array) and kind.rank == 0

    def define(self, target: gast.expr, value: gast.expr) -> None:
        """Note the type of a name that the passes made."""
        if isinstance(target, gast.Name) and target.id not in self.types:
            kind = self.type_of(value)
            if kind is not None:
                self.types[target.id] = kind
        if isinstance(target, gast.Tuple) and isinstance(value, gast.Tuple):
            for t, v in zip(target.elts, value.elts, strict=False):
                self.define(t, v)

    def effect(self, node: gast.Call) -> list[gast.stmt] | None:
        """A call for its effect: ``np.add.at``, ``print``, ``items.append``."""
        path = dotted(node.func)
        special = indices.EFFECTS.get(path)
        if special is not None:
            return special(self, node)
        if path == "print":
            return [gast.Expr(objects.in_object_mode(self, node, None))]
        return None

    # ---- expressions

    def expr(self, node: Any) -> Any:
        """The expression in words that Numba takes."""
        match node:
            case gast.Call():
                return self.call(node)
            case gast.BinOp(left=left, op=op, right=right):
                return (
                    elements.operator(self, node)
                    if not isinstance(op, gast.MatMult)
                    else products.matmul(self, left, right, node)
                )
            case gast.Subscript(value=value, slice=index):
                return indices.loaded(self, node, value, index)
            case gast.FormattedValue(format_spec=spec) if spec is not None:
                raise objects.unformatted(self.span)
        return self.parts(node)

    def parts(self, node: Any) -> Any:
        """The same node, its operands lowered."""
        if not isinstance(node, gast.AST):
            return node
        new = copy.copy(node)
        for field, value in gast.iter_fields(node):
            if isinstance(value, list):
                setattr(new, field, [self.expr(v) for v in value])
            elif isinstance(value, gast.AST):
                setattr(new, field, self.expr(value))
        return new

    def call(self, node: gast.Call) -> gast.expr:
        path = dotted(node.func)
        if isinstance(node.func, gast.Attribute) and path.split(".")[0] not in ("np", "math", "cmath", "sp"):
            return self.method(node)
        if path in self.globals:
            return self.global_call(node, self.globals[path])
        function = resolve(path)
        bound = native.bind(function, node) if function is not None else None
        if path not in RESPELLINGS and not (native.is_native(path, bound, self.type_of) and path.startswith("np.")):
            found = special.lowered_elementwise(self, function, node) if function is not None else None
            if found is not None:
                return found
        respelling = RESPELLINGS.get(path)
        if respelling is not None and bound is not None:
            new = respelling(self, bound, node)
            if new is not None:
                return new
        if native.is_native(path, bound, self.type_of):
            return elements.kept_single(self, node, self.plain_call(node, bound))
        defined = helpers.defined(self, path, function, node) if function is not None else None
        if defined is not None:
            return defined
        return objects.in_object_mode(self, node, self.type_of(node))

    def plain_call(self, node: gast.Call, bound: Mapping[str, Any] | None) -> gast.Call:
        """A call that stays; arguments that are defaults are left out."""
        args = [self.expr(a) for a in node.args]
        keywords = [gast.keyword(k.arg, self.expr(k.value)) for k in node.keywords if bound is None or k.arg in bound]
        given = [v for g in (bound or {}).values() for v in (g if isinstance(g, tuple) else (g,))]
        kept = [a for a, own in zip(args, node.args, strict=True) if bound is None or own in given]
        return gast.Call(node.func, kept if bound is not None and len(kept) < len(args) else args, keywords)

    def global_call(self, node: gast.Call, entry: GlobalName) -> gast.expr:
        """A function of `adgen.runtime`, or of the user's, which is called in object mode."""
        if entry.module == "adgen.runtime" and entry.path in runtime.COMPILED:
            return gast.Call(node.func, [self.expr(a) for a in node.args], [])
        if entry.module == "adgen.runtime" and entry.path in runtime.FORMS:
            return gast.Call(self.runtime(runtime.FORMS[entry.path]), [self.expr(a) for a in node.args], [])
        if entry.module == "adgen.runtime":
            found = helpers.specialised(self, entry, node)
            if found is not None:
                return found
        if hasattr(entry.value, "py_func") or isinstance(entry.value, type):
            return self.parts(node)
        return objects.in_object_mode(self, node, self.type_of(node))

    def method(self, node: gast.Call) -> gast.expr:
        assert isinstance(node.func, gast.Attribute)
        if node.func.attr in native.METHODS:
            return self.parts(node)
        is_text = self.type_of(node.func.value) == Opaque("str")
        return objects.in_object_mode(self, node, method_type(node.func.attr) if is_text else self.type_of(node))
