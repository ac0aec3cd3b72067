"""What one iteration hands on to the next: the leaves of the state that change become loop variables."""

from __future__ import annotations

from typing import Any

import gast

from adgen.frontend.bindings import assigned_names, exposed_names, plainly_assigned
from adgen.frontend.frames import Frame
from adgen.frontend.jumps import RESULT
from adgen.frontend.leaves import MISSING, VALUE, Carried, Key, Leaves, Tail
from adgen.frontend.nodes import load, store
from adgen.frontend.values import (
    Handle,
    ListContents,
    OptionalVal,
    Poison,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, ListOf, Scalar, Type, int_type_of


class LoopVariables(Leaves):
    """Loop variables: which there are, of what type, and how they are set."""

    def leave_variables(self, carried: dict[Key, Carried], head: dict[Key, Value], tails: list[Tail]) -> None:
        """Variables that only the loop defines, and that are read after it."""

        def rebuilt(value: Value, key: Key) -> Value:
            if isinstance(value, TupleVal):
                return TupleVal(tuple(rebuilt(item, (*key, k)) for k, item in enumerate(value.items)), value.cls)
            if isinstance(value, OptionalVal):
                return OptionalVal(rebuilt(value.missing, (*key, MISSING)), rebuilt(value.value, (*key, VALUE)))
            item = carried.get(key)
            if item is None:
                return value
            return Ref(item.name, self.types[item.name]) if item.type is not None else Poison(item.reason, self.span)

        for depth, name in dict.fromkeys(k[1:3] for k in carried if k[0] == "v" and k not in head):
            template = next((t.variables[depth, name] for t in tails if (depth, name) in t.variables), None)
            variables = self.frames[depth].variables
            if template is not None and name not in variables:
                if not name.startswith(RESULT):  # nobody sets it where the loop does not run (a result has a flag)
                    self.half_set.add((depth, name))
                variables[name] = rebuilt(template, ("v", depth, name))

    def left_by_iterations(
        self, node: Any, carried: dict[Key, Carried], initial: dict[Key, Value], tails: list[Tail]
    ) -> dict[Key, Carried]:
        """Variables that some iterations set, and that are read as they were left, though nothing sets them before."""
        exposed = exposed_names(node.body)
        before = {k[:3] for k in initial}
        found: dict[Key, Carried] = {}
        for key in dict.fromkeys(k for t in tails for k in t.leaves):
            if key[0] != "v" or key[:3] in before or key[1:3] not in self.half_set | self.read_early:
                continue
            if key in carried or key[1] != self.depth or key[2] in exposed:
                joined, reason = self.join_all([t.leaves[key] for t in tails if key in t.leaves], None, key)
                found[key] = Carried(joined, "", reason)
        return found

    def own_variables(self) -> dict[tuple[int, str], Value]:
        """Variables of the function that has the loop, and of those whose loops run over what it yields."""
        return {(d, name): v for d in self.own_depths() for name, v in self.frames[d].variables.items()}

    def own_depths(self) -> list[int]:
        consumers = {id(frame) for frame in self.consumers}
        return [d for d, frame in enumerate(self.frames) if frame is self.frame or id(frame) in consumers]

    def first_guess(self, node: Any) -> dict[Key, Carried]:
        """Variables that the body assigns and that exist before it."""
        guess: dict[Key, Carried] = {}
        depth = self.depth
        for name in dict.fromkeys(n for s in node.body for n in assigned_names(s)):
            value = self.frame.variables.get(name)
            kind = None if value is None else self.joinable_type(value)
            if isinstance(kind, Scalar) or isinstance(kind, Array) and name in plainly_assigned(node.body):
                guess["v", depth, name] = Carried(kind)
        return guess

    def enter_variables(
        self, carried: dict[Key, Carried], initial: dict[Key, Value], kept: set[Key]
    ) -> list[gast.stmt]:
        """Give every carried value its loop variable; the copies that set them before the loop."""
        copies: list[gast.stmt] = []
        for key, item in carried.items():
            if item.type is None:
                if key in initial or key in kept or any(k[: len(key)] == key for k in initial):
                    self.put(key, Poison(item.reason, self.span))
                continue
            hint = key[2] if key[0] == "v" else "item"
            hint = f"{hint}_is_none" if key[-1] == MISSING else hint
            item.name = self.fresh(hint if isinstance(hint, str) else "item")
            type_ = self.loop_type(item.type, item.name)
            self.types[item.name] = type_
            if key in initial:
                value = initial[key]
                outer, self.out = self.out, copies
                self.out.append(gast.Assign([store(item.name)], self.initial_expression(value, type_), None))
                self.out = outer
                self.put(key, Ref(item.name, type_))
            else:  # it may be recorded before it has a value
                copies.append(gast.Assign([store(item.name)], placeholder(type_), None))
                if key in kept and len(key) == 3:
                    self.put(key, Ref(item.name, type_))
        for key in kept:
            if len(key) > 3:
                self.put(key[:3], Poison("it is a container that some iterations make, and others do not.", self.span))
        return copies

    def initial_expression(self, value: Value, type_: Type) -> gast.expr:
        kind = self.joinable_type(value)
        if isinstance(type_, Array) and not isinstance(kind, Array):
            shape = gast.Tuple([self.extent_atom(d) for d in type_.shape], gast.Load())
            return gast.Call(
                gast.Attribute(load("np"), "full", gast.Load()),
                [shape, self.converted(value, kind, Scalar(type_.dtype))],
                [],
            )
        return self.converted(value, kind, type_)

    def extent_atom(self, dim: Dim) -> gast.expr:
        expr = gast.parse(str(dim)).body[0].value
        return expr if isinstance(expr, gast.Constant) else self.atom(self.define(expr, int_type_of(dim)))

    def loop_type(self, type_: Type, name: str) -> Type:
        if isinstance(type_, Scalar):
            return Scalar(type_.dtype, type_.weak, Dim.symbol(name) if type_.kind in "iu" else None)
        if isinstance(type_, Array):
            return Array(
                type_.dtype,
                tuple(Dim.symbol(f"{name}.shape[{k}]") if "%" in str(d) else d for k, d in enumerate(type_.shape)),
            )
        return type_

    def update(
        self,
        node: Any,
        carried: dict[Key, Carried],
        initial: dict[Key, Value],
        head: dict[Key, Value],
        tails: list[Tail],
    ) -> dict[Key, Carried] | None:
        """The next guess, or None if this one was right."""
        outside = {d: self.read_outside(node, self.frames[d]) for d in self.own_depths()}
        at_head = {k[1:3] for k in head if k[0] == "v"}
        keys = dict.fromkeys([*carried, *head, *(k for t in tails for k in t.leaves)])
        result: dict[Key, Carried] = {}
        undecided: dict[Key, Carried] = {}
        stable = True
        for key in keys:
            values = [t.leaves[key] for t in tails if key in t.leaves]
            before = head.get(key)
            if before is not None and any(t.has_other_make(key) for t in tails) and key[:3] not in undecided:
                undecided[key[:3]] = Carried(None, "", "from one iteration to the next it is made of other parts.")
                stable = stable and key[:3] in carried
            if before is None and not (key[0] == "v" and key[2] in outside.get(key[1], ()) and key[1:3] not in at_head):
                stable = stable and key not in carried
                continue
            changed = any(v is not before and not self.same_leaf(v, before) for v in values)
            if key in carried and carried[key].type is None:
                result[key] = carried[key]
                continue
            if not changed:
                stable = stable and key not in carried
                continue
            starts = [initial[key]] if key in initial else []
            joined, reason = self.join_all(starts + values, carried.get(key), key)
            if key not in carried or carried[key].type != joined:
                stable = False
            result[key] = Carried(joined, carried[key].name if key in carried else "", reason)
        result = {k: c for k, c in result.items() if k[:3] not in undecided} | undecided
        return None if stable else result

    def same_leaf(self, value: Value, before: Value | None) -> bool:
        if isinstance(value, Poison) and isinstance(before, Poison):
            return True
        return value == before

    def join_all(self, values: list[Value], known: Carried | None, key: Key) -> tuple[Type | None, str]:
        kinds = [self.joinable_type(v) for v in values]
        shown = " or ".join(dict.fromkeys(self.describe(v) for v in values))
        reason = f"from one iteration to the next it is {shown}."
        if any(isinstance(v, Poison) and v.reason == "consequence" for v in values):
            reason = "consequence"
        if None in kinds or any(not isinstance(k, Scalar | Array | ListOf) for k in kinds):
            return None, reason
        arrays = [k for k in kinds if isinstance(k, Array)]
        if arrays and any(isinstance(k, Scalar) for k in kinds[:1]) and len(arrays) == len(kinds) - 1:
            if not self.expressible(arrays[0]):
                return None, reason
            kinds = kinds[1:]
        joined: Type | None = kinds[0]
        for kind in kinds[1:]:
            if isinstance(joined, Array) and isinstance(kind, Array) and joined.rank == kind.rank:
                for a, b in zip(joined.shape, kind.shape, strict=True):
                    self.sizes.agree(a, b)
            joined = None if joined is None else self.join_types(joined, kind, "%")
        if joined is None:
            return None, reason
        if isinstance(joined, Array):
            joined = Array(joined.dtype, tuple(d if self.outlives(d) else Dim.symbol("%") for d in joined.shape))
        if known is not None and known.type is not None and isinstance(joined, Array):
            joined = self.join_types(known.type, joined, "%") or joined
        if isinstance(joined, Array):
            joined = Array(joined.dtype, tuple(Dim.symbol("%") if "%" in str(d) else d for d in joined.shape))
        if isinstance(joined, Scalar):
            joined = Scalar(joined.dtype, joined.weak)
        return joined, reason

    def expressible(self, type_: Array) -> bool:
        return all(s in self.sizes.entry_symbols for d in type_.shape for s in self.sizes.reduce(d).symbols)

    def outlives(self, dim: Dim) -> bool:
        """Whether an extent keeps its meaning from one iteration to the next."""
        return all(
            s in self.sizes.entry_symbols or s.split(".")[0].split("(")[-1].rstrip(")") in self.before_loop
            for s in dim.symbols
        )

    @property
    def before_loop(self) -> set[str]:
        defined: set[str] = set()
        for statement in self.out:
            for node in nodes_in(statement):
                if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
                    defined.add(node.id)
        return defined - set(self.active_targets)

    def write_tail(self, tail: Tail, carried: dict[Key, Carried]) -> None:
        """Hand the values on: copies at the end of an iteration, and before a ``break``."""
        pairs: list[tuple[str, gast.expr]] = []
        outer, self.out = self.out, tail.out
        for key, item in carried.items():
            if item.type is None or key not in tail.leaves:
                continue
            value = tail.leaves[key]
            if isinstance(value, Ref) and value.name == item.name:
                continue
            pairs.append((item.name, self.initial_expression(value, self.types[item.name])))
        targets = {name for name, _ in pairs}
        reads = {n.id for _, e in pairs for n in nodes_in(e) if isinstance(n, gast.Name)}
        if targets & reads and len(pairs) > 1:
            self.emit(
                gast.Assign(
                    [gast.Tuple([store(n) for n, _ in pairs], gast.Store())],
                    gast.Tuple([e for _, e in pairs], gast.Load()),
                    None,
                )
            )
            self.out[-1].carries = True
        else:
            for name, expr in pairs:
                self.emit(gast.Assign([store(name)], expr, None))
                self.out[-1].carries = True
        if tail.kind == "break":
            self.emit(gast.Break())
        self.out = outer

    def demote(self, keys: set[int]) -> None:
        """Lists that grow in the loop get a variable of their own before it."""
        for key in sorted(keys):
            contents = self.heap.get(key)
            if not isinstance(contents, ListContents):
                continue
            hint = next((n for f in self.frames for n, v in f.variables.items() if v == Handle(key)), "items")
            self.residual_list(Handle(key), contents.items, hint)

    def read_outside(self, node: Any, frame: Frame) -> frozenset[str]:
        """Names that a function reads outside of this loop."""
        if id(node) not in frame.read_outside:
            names: set[str] = set()
            body = getattr(frame.node, "structured", None) or getattr(frame.node, "body", [])
            stack: list[Any] = list(body) if isinstance(body, list) else [body]
            while stack:
                current = stack.pop()
                if current is getattr(node, "walks", node):
                    stack += [getattr(node, "iter", None), getattr(node, "test", None)]
                    continue
                if isinstance(current, gast.Name) and isinstance(current.ctx, gast.Load):
                    names.add(current.id)
                if isinstance(current, gast.AugAssign) and isinstance(current.target, gast.Name):
                    names.add(current.target.id)
                if isinstance(current, gast.AST):
                    stack += list(gast.iter_child_nodes(current))
            frame.read_outside[id(node)] = frozenset(names)
        return frame.read_outside[id(node)]


def placeholder(type_: Type) -> gast.expr:
    """A value of a type, for a variable that has none yet."""
    if isinstance(type_, Scalar):
        return gast.Constant({"f": 0.0, "c": 0j, "b": False}.get(type_.kind, 0), None)
    if isinstance(type_, Array):
        shape = gast.Tuple([gast.Constant(0, None)] * type_.rank, gast.Load())
        dtype = gast.Attribute(load("np"), type_.dtype.name.replace("bool", "bool_"), gast.Load())
        return gast.Call(gast.Attribute(load("np"), "zeros", gast.Load()), [shape, dtype], [])
    item = getattr(type_, "item", None)
    return gast.List([] if item is None else [placeholder(item)], gast.Load())  # (an empty one has no type for Numba)
