"""Which names may share storage: flow-insensitive classes, joined by whatever may make a view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import gast

from adgen.analyses.effects import EMPTY, METADATA, dotted, statements_in
from adgen.program.function import Function
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Scalar, Type

VIEWS = frozenset(
    "asarray ascontiguousarray asfortranarray atleast_1d atleast_2d atleast_3d broadcast_arrays broadcast_to "
    "diag diagonal expand_dims flip fliplr flipud hsplit imag matrix_transpose moveaxis nan_to_num ravel real "
    "real_if_close require reshape rollaxis rot90 split squeeze swapaxes transpose trim_zeros vsplit "
    "asanyarray array_split permute_dims unstack ndarray frombuffer from_dlpack asfarray lib".split()
)
FRESH_METHODS = frozenset(
    "all any argmax argmin argsort astype choose clip compress conj conjugate copy cumprod cumsum dot flatten "
    "item max mean min nonzero prod repeat round searchsorted std sum take tolist trace var".split()
)
FRESH_BUILTINS = frozenset("len float int bool complex range round sum sum_to".split())


class Sources:
    """Whose storage the value of an expression may share, going by the types of the names."""

    def __init__(self, types: Mapping[str, Type]) -> None:
        self._types = types

    def sources(self, value: gast.AST) -> frozenset[str]:
        """Names whose storage the value of an expression may share."""
        match value:
            case gast.Name(id=name):
                return EMPTY if self._is_number(name) else frozenset((name,))
            case gast.Attribute(value=inner, attr=attr):
                return EMPTY if attr in METADATA else self.sources(inner)
            case gast.Subscript(value=inner):
                return self.sources(inner)
            case gast.Tuple(elts=items) | gast.List(elts=items):
                return EMPTY.union(*[self.sources(item) for item in items])
            case gast.IfExp(body=body, orelse=orelse):
                return self.sources(body) | self.sources(orelse)
            case gast.Starred(value=inner):
                return self.sources(inner)
            case gast.Call():
                return self._call_sources(value)
            case gast.BinOp() | gast.UnaryOp() | gast.Compare() | gast.Constant() | gast.BoolOp():
                return EMPTY
        return EMPTY.union(*[self.sources(node) for node in gast.iter_child_nodes(value)])

    def is_fresh(self, value: gast.AST) -> bool:
        """Whether evaluating makes a new object that nobody else holds."""
        return not self.sources(value) and not isinstance(value, gast.Name)

    def may_view(self, value: gast.AST) -> bool:
        """Whether the value may hold, or share storage with, a value inside the expression."""
        if isinstance(value, gast.BinOp | gast.UnaryOp | gast.Compare | gast.Constant):
            return False
        return not isinstance(value, gast.Call) or self._viewed(value) is not None

    def _call_sources(self, call: gast.Call) -> frozenset[str]:
        viewed = self._viewed(call)
        return EMPTY if viewed is None else EMPTY.union(*[self.sources(v) for v in viewed])

    def _viewed(self, call: gast.Call) -> list[gast.expr] | None:
        """The arguments that the result may be a view of; None if it is known to be fresh."""
        path = dotted(call.func)
        root, _, rest = path.rpartition(".")
        local = path.partition(".")[0] in self._types
        arguments = [*call.args, *[k.value for k in call.keywords]]
        if isinstance(call.func, gast.Attribute) and (local or not path):
            return None if call.func.attr in FRESH_METHODS else [call.func.value, *arguments]
        if root in {"np", "numpy", "math", "cmath", "np.linalg", "np.fft", "np.random"} and rest not in VIEWS:
            return None
        return None if path in FRESH_BUILTINS else arguments

    def _is_number(self, name: str) -> bool:
        return isinstance(self._types.get(name), Scalar) or name in {"np", "math"}


class Aliases(Sources):
    """Union-find over names; `touch` asks whether two sets of names may meet in storage."""

    def __init__(self, function: Function) -> None:
        super().__init__(function.types)
        self._parent: dict[str, str] = {}
        for stmt in statements_in(function.body):
            self._visit(stmt)

    def find(self, name: str) -> str:
        """The representative of a name's class."""
        while (parent := self._parent.get(name, name)) != name:
            name = parent
        return name

    def touch(self, some: Iterable[str], others: Iterable[str]) -> bool:
        some = set(some)
        if not some:
            return False
        classes = {self.find(name) for name in some}
        return any(self.find(name) in classes for name in others)

    def same(self, left: str, right: str) -> bool:
        return self.find(left) == self.find(right)

    def bind(self, target: gast.Name, value: gast.AST) -> None:
        """Note a definition that was not there when the classes were found."""
        self._assign(target, value)

    def _visit(self, stmt: gast.stmt) -> None:
        match stmt:
            case gast.Assign(targets=[target], value=value):
                self._assign(target, value)
            case gast.AugAssign(target=target, value=value) if self.holds_objects(target):
                self._join(target, self.sources(value))
            case gast.Expr(value=gast.Call(func=gast.Attribute(value=gast.Name() as base), args=args)):
                for argument in args if self.holds_objects(base) and base.id != "np" else ():
                    self._join(base, self.sources(argument))
            case gast.For(target=target, iter=iter_) if dotted(getattr(iter_, "func", iter_)) != "range":
                self._join(target, self.sources(iter_))

    def _assign(self, target: gast.AST, value: gast.AST) -> None:
        if isinstance(target, gast.Name) and self._is_number(target.id):
            return
        if isinstance(target, gast.Tuple) and isinstance(value, gast.Tuple):
            if len(target.elts) == len(value.elts):
                for one, item in zip(target.elts, value.elts, strict=True):
                    self._assign(one, item)
                return
        if isinstance(target, gast.Subscript) and not self.holds_objects(target):
            return  # the elements are copied
        self._join(target, self.sources(value))

    def holds_objects(self, target: gast.AST) -> bool:
        """Whether storing into the target keeps a reference, as lists do and arrays do not."""
        base = target
        while isinstance(base, gast.Subscript | gast.Attribute):
            base = base.value
        type_ = self._types.get(base.id) if isinstance(base, gast.Name) else None
        return not isinstance(type_, Array | Scalar)

    def _join(self, target: gast.AST, sources: frozenset[str]) -> None:
        if not sources:
            return
        names = [n.id for n in nodes_in(target) if isinstance(n, gast.Name)]
        types = self._types
        for name in names:
            if isinstance(types.get(name), Scalar):
                continue
            for source in sources:
                self._parent[self.find(source)] = self.find(name)
