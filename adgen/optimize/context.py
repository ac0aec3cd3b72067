"""Facts that passes ask for, found once per function."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import gast

from adgen.analyses.aliases import Aliases
from adgen.analyses.effects import Effects, blocks_of, facts, forget_facts, statements_in
from adgen.program.function import Function
from adgen.program.spans import span_of
from adgen.program.types import Scalar

DERIVED = re.compile(r"_(bar|dot)\d*$|_(bar|dot)_")


class Facts:
    """Lazily found facts about one function; a new function means new facts."""

    _effects: Effects | None = None

    def __init__(self, function: Function) -> None:
        self.function = function
        shared = Facts._effects
        if shared is None or not shared.suits(function):
            shared = Facts._effects = Effects(function)
        self.effects = shared
        self._aliases: Aliases | None = None
        self._mutated: frozenset[str] | None = None
        self._outer: frozenset[str] | None = None

    @classmethod
    def forget(cls) -> None:
        """Let go of everything that was remembered from one pass to the next."""
        cls._effects = None
        forget_facts()

    @property
    def aliases(self) -> Aliases:
        if self._aliases is None:
            self._aliases = Aliases(self.function)
        return self._aliases

    @property
    def mutated(self) -> frozenset[str]:
        """Representatives of the classes that are written in place somewhere."""
        if self._mutated is None:
            names = self.effects.block(self.function.body).mutates
            self._mutated = frozenset(map(self.aliases.find, names))
        return self._mutated

    def is_mutated(self, names: Iterable[str]) -> bool:
        return any(self.aliases.find(name) in self.mutated for name in names)

    @property
    def outer(self) -> frozenset[str]:
        """Parameters that hold what the caller passed, as long as the function runs, and the user's globals.

        One that is replaced by a copy before anything else happens to it is a local name.
        """
        if self._outer is None:
            own: set[str] = set()
            seen: set[str] = set()
            for stmt in self.function.body:
                match stmt:
                    case gast.Assign(targets=[gast.Name(id=name)], value=value) if name not in seen:
                        if self.aliases.is_fresh(value):
                            own.add(name)
                effect = self.effects.of(stmt)
                seen |= effect.reads | effect.defines
            self._outer = frozenset((*self.function.params, *self.function.globals)) - own
        return self._outer

    @property
    def returned(self) -> frozenset[str]:
        """Names whose storage the caller receives."""
        last = self.function.body[-1] if self.function.body else None
        match last:
            case gast.Return(value=value) if value is not None:
                return self.aliases.sources(value)
        return frozenset()

    def guarded(self, targets: Iterable[str], old: gast.expr, new: gast.expr) -> gast.expr:
        """`new` in place of `old`, copied where it would share storage that `old` did not share."""
        if isinstance(new, gast.Tuple) and isinstance(old, gast.Tuple):
            if len(new.elts) == len(old.elts):
                items = [self.guarded(targets, a, b) for a, b in zip(old.elts, new.elts, strict=True)]
                return gast.Tuple(items, new.ctx)
        gained = self.aliases.sources(new) - self.aliases.sources(old)
        if not gained or self._may_share(frozenset(targets), gained):
            return new
        return gast.Call(gast.Attribute(new, "copy", gast.Load()), [], [])

    def _may_share(self, targets: frozenset[str], sources: frozenset[str]) -> bool:
        find = self.aliases.find
        if targets and all(map(self.is_scalar, targets)):
            return True
        if self.is_mutated(targets | sources):
            return False
        returned = {find(name) for name in self.returned}
        if targets and not returned & {find(name) for name in targets}:
            return True
        outer = {find(name) for name in self.outer} | (returned if targets else set())
        return not outer & {find(name) for name in sources}

    def is_scalar(self, name: str) -> bool:
        return isinstance(self.function.types.get(name), Scalar)

    def can_pass(self, expr: gast.AST, stmt: gast.stmt) -> bool:
        """Whether evaluating `expr` before or after a statement gives the same."""
        effect, read = self.effects.of(stmt), facts(expr)
        if read.names & effect.defines:
            return False
        return not effect.mutates or not self.aliases.touch(effect.mutates, self.effects.looked_at(read))

    def is_temporary(self, name: str) -> bool:
        return name in self.function.temporaries

    def is_free(self, name: str) -> bool:
        """Names that may be folded or merged: temporaries, adjoints and tangents."""
        return name in self.function.temporaries or is_derived(name)


def is_forward(stmt: gast.AST) -> bool:
    """Whether a statement is the user's own, or one of the tangents that stand beside it."""
    span = span_of(stmt)
    return span is not None and span.sweep != "reverse"


def is_original(stmt: gast.AST) -> bool:
    """Whether a statement is the user's own: those keep their spelling."""
    span = span_of(stmt)
    return span is not None and span.sweep == "forward"


def is_derived(name: str) -> bool:
    """Whether a name is that of an adjoint or a tangent."""
    return DERIVED.search(name) is not None


def count_names(function: Function) -> tuple[Counter[str], Counter[str]]:
    """How often each name is loaded, and how often it is bound."""
    loads: Counter[str] = Counter()
    stores: Counter[str] = Counter()
    for stmt in statements_in(function.body):
        for field in stmt._fields:
            part = getattr(stmt, field, None)
            if field in {"body", "orelse"} or part is None:
                continue
            for node in part if isinstance(part, list) else [part]:
                if isinstance(node, gast.expr):
                    is_target = field in {"target", "targets"}
                    _count_in(node, loads, stores if is_target else loads)
        if isinstance(stmt, gast.AugAssign) and isinstance(stmt.target, gast.Name):
            loads[stmt.target.id] += 1
    return loads, stores


def _count_in(node: gast.expr, loads: Counter[str], names: Counter[str]) -> None:
    """Plain names of a target are bound; what else stands in it is read."""
    if names is loads or not isinstance(node, gast.Name | gast.Tuple | gast.List):
        loads.update(facts(node).loads)
    elif isinstance(node, gast.Name):
        names[node.id] += 1
    else:
        for item in node.elts:
            _count_in(item, loads, names)


def with_body(function: Function, body: Iterable[gast.stmt]) -> Function:
    return replace(function, body=tuple(body))


__all__ = ["Facts", "blocks_of", "count_names", "is_derived", "statements_in", "with_body"]
