"""What the forward sweep records for the reverse sweep, and how the reverse sweep gets values back.

A value that the reverse sweep needs is at hand, or recomputed if that is cheap, or recorded.  Which values
are recorded is found by writing the reverse sweep: what it asks for enters the plan, and the sweep is
written again until the plan is stable.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import gast

from adgen.analyses.dependence import Access
from adgen.analyses.effects import Effects, facts
from adgen.analyses.structure import Place, base_name
from adgen.program.attempts import Attempt
from adgen.program.spans import span_of
from adgen.program.syntax import clone, nodes_in, static_int
from adgen.program.types import Array, ListOf, Opaque, Scalar
from adgen.transforms.entered import Entered
from adgen.transforms.nodes import is_int, load, store
from adgen.transforms.tapes import Key, range_parts

CHEAP_CALLS = frozenset({"abs", "min", "max", "len", "int", "float", "bool"})
CHEAP_OF_NUMPY = frozenset({"sign", "abs", "zeros", "where", "arange"})


@dataclass
class Scope:
    """Values that are at hand in a block of the reverse sweep."""

    available: set[str]
    place: Place | None = None


class Recording(Entered):
    """Need, recompute, record."""

    scope: Scope

    # ---- needs

    def need_all(self, expr: gast.expr, without: gast.expr | None = None) -> None:
        """Make every variable that an expression reads have the value it had in the forward sweep."""
        skip = set() if without is None else {n.id for n in nodes_in(without) if isinstance(n, gast.Name)}
        metadata, indices = set[int](), dict[int, gast.expr]()
        for node in nodes_in(expr):  # what stands around a name comes before it
            match node:
                case gast.Attribute(value=value, attr="shape" | "size" | "ndim" | "dtype"):
                    metadata.add(id(value))
                case gast.Subscript(value=gast.Name() as value, slice=index):
                    indices[id(value)] = index
                case gast.Name(id=name) if name not in skip and name in self.structure.definitions:
                    self.need(name, contents=id(node) not in metadata, index=indices.get(id(node)))

    def need(self, name: str, *, contents: bool = True, index: gast.expr | None = None) -> None:
        """Make a variable hold what it held at the present statement: all of it, or the elements at an index."""
        definition = self.structure.definitions[name]
        if contents and isinstance(self.types.get(name), Array) and self.storage.is_written(name):
            if self.need_contents(name, index):
                return
        if definition.kind == "param" or name in self.scope.available or not self.loops_around(name):
            return
        if definition.kind == "counter" and definition.loop in self.now_loops():
            return
        if definition.kind == "loop" and definition.loop is not None and definition.loop not in self.now_loops():
            self.record(("exit", name), name, definition.loop)
        elif definition.kind == "loop":
            assert definition.loop is not None
            self.record(*self.headed(name, definition.loop))
        elif definition.kind == "branch":
            self.need_branch(name, definition.places[0])
        elif definition.kind == "counter":
            self.record(("exit", name), name, definition.places[0].statement)
        else:
            self.need_plain(name, definition.places[0])

    def loops_around(self, name: str) -> tuple[gast.stmt, ...]:
        definition = self.structure.definitions[name]
        if definition.kind == "loop" and definition.loop in self.now_loops():
            return (definition.loop,)
        if definition.kind == "counter" and definition.places[0].statement in self.now_loops():
            return (definition.places[0].statement,)
        return self.region(self.structure.loops_of(name))[1]

    def now_loops(self) -> tuple[gast.stmt, ...]:
        return self.now.block.loops

    def need_plain(self, name: str, place: Place) -> None:
        statement = place.statement
        held = None if self.is_free(name) else self.held(name, place)
        if held is not None:
            self.need(base_name(held) or "", contents=False)
            self.need_all(held.slice)
            self.recompute(name, held, statement)
        elif self.has_formula(place) and self.may_recompute(statement, place):
            self.need_all(statement.value)
            if name not in self.scope.available:
                self.recompute(name, statement.value, statement)
        elif self.is_flag_put_back(place):
            self.need_all(statement.value)
            self.recompute(name, statement.value, statement)
        else:
            self.record(("def", name), name, statement)

    def is_flag_put_back(self, place: Place) -> bool:
        """Whether a statement reads an element that holds the same now, and needs no record to be brought back."""
        match place.statement:
            case gast.Assign(value=gast.Subscript(value=gast.Name(id=array), slice=index)) if self.storage.is_array(
                array
            ):
                inside = [p for p in place.block.places[place.position + 1 :] if p.index < self.now.index]
                whole = all(p.last < self.now.index and self.restored.keeps(p.statement, array) for p in inside)
                stores = self.destroying(array, index)
                told = all(self.restored.old_value(s) is not None and self.undoable(s) for s in stores)
                return self.storage.is_array(array) and whole and told and bool(stores)
        return False

    def recompute(self, name: str, value: gast.expr, statement: gast.stmt) -> None:
        outer, self.span = self.span, None
        self.emit(gast.Assign([store(name)], clone(value), None))
        self.out[-1].span = span_of(statement)
        self.span = outer
        self.scope.available.add(name)

    def has_formula(self, place: Place) -> bool:
        statement = place.statement
        return isinstance(statement, gast.Assign) and isinstance(statement.targets[0], gast.Name)

    def is_free(self, name: str, depth: int = 0) -> bool:
        """Whether a value can be had again without recording or undoing anything."""
        if name in self.scope.available or not self.loops_around(name):
            return True
        definition = self.structure.definitions[name]
        if definition.kind == "counter" and definition.loop in self.now_loops():
            return True
        place = definition.places[0]
        if definition.kind != "plain" or depth > 8 or not self.has_formula(place):
            return False
        if not self.may_recompute(place.statement, place):
            return False
        value = place.statement.value
        for node in nodes_in(value):
            if isinstance(node, gast.Name) and node.id in self.structure.definitions:
                if isinstance(self.types.get(node.id), Array) and self.storage.is_written(node.id):
                    index = value.slice if isinstance(value, gast.Subscript) and value.value is node else None
                    if any(("undo", id(s)) not in self.records for s in self.destroying(node.id, index)):
                        return False
                elif not self.is_free(node.id, depth + 1):
                    return False
        return True

    def held(self, name: str, place: Place) -> gast.Subscript | None:
        """The element that a value was stored into, if it is never written again."""
        kind = self.types.get(name)
        for statement in place.block.body[place.position + 1 :]:
            match statement:
                case gast.Assign(targets=[gast.Subscript(value=gast.Name(id=array)) as target], value=gast.Name(id=n)):
                    if n == name and isinstance(kind, Scalar) and self.lasts(array, statement, kind, place):
                        return gast.Subscript(load(array), clone(target.slice), gast.Load())
        return None

    def lasts(self, array: str, statement: gast.stmt, kind: Scalar, made: Place) -> bool:
        """Whether what a store puts into an element is there until the reverse sweep gets to the store."""
        type_ = self.types.get(array)
        definition = self.structure.definitions[array]
        if not isinstance(type_, Array) or type_.dtype != kind.dtype or self.storage.root(array) != array:
            return False
        if definition.kind not in ("plain", "param") or len(definition.places) > 1 or id(statement) in self.plan.undone:
            return False
        place = self.structure.places[id(statement)]
        mine = Access(array, self.storage.target(statement).slice, place)
        within = self.made_in(array)
        for other in self.storage.stores:
            if self.storage.group(base_name(self.storage.target(other)) or "") != self.storage.group(array):
                continue
            theirs = self.access_of(other)
            if theirs.name != array or self.dependences.may_meet(mine, theirs, within=within, strictly=True):
                return False
            if made.index < theirs.place.index < place.index and self.dependences.may_meet(theirs, mine, within=within):
                return False  # undoing that one would bring back what was there before
        return True

    def access_of(self, statement: gast.stmt) -> Access:
        """What a store touches."""
        target = self.storage.target(statement)
        plain = isinstance(target, gast.Subscript) and isinstance(target.value, gast.Name)
        return Access(base_name(target) or "", target.slice if plain else None, self.structure.places[id(statement)])

    def need_branch(self, name: str, place: Place) -> None:
        owner = place.block.owner
        assert owner is not None
        while not all(self.inside(p, owner) for p in self.structure.definitions[name].places):
            assert owner.block.owner is not None
            owner = owner.block.owner
        self.record(("join", name), name, owner.statement)

    def inside(self, place: Place, owner: Place) -> bool:
        return any(p is owner for p in self.structure.enclosing(place))

    def record(self, key: Key, name: str, statement: gast.stmt) -> None:
        self.plan.add(key, (name, id(statement)))
        self.scope.available.add(name)

    def may_recompute(self, statement: gast.Assign, place: Place) -> bool:
        """Whether computing a value again is right, and cheaper than recording it."""
        name = statement.targets[0].id
        value = statement.value
        if place.block.owner is not None and isinstance(place.block.owner.statement, Attempt):
            return False  # it may raise
        if isinstance(value, gast.Call) and isinstance(value.func, gast.Attribute) and value.func.attr == "pop":
            return False
        if isinstance(value, gast.Call) and not self.effects.is_pure(value):
            return False  # a random draw would be another one
        if isinstance(self.types.get(name), Opaque | ListOf):
            return False
        if self.reads_changing_list(value):
            return False
        is_view = isinstance(self.types.get(name), Array) and self.view_of(value) is not None
        if self.storage.is_written(name) and not is_view:
            return False  # memory that is filled later: keep the array itself
        if not is_view and not self.is_cheap(value):
            return False
        return is_view or not self.stored_between(value, place)

    @functools.cached_property
    def effects(self) -> Effects:
        return Effects(self.function)

    def reads_changing_list(self, value: gast.AST) -> bool:
        """Whether an expression reads a list other than by an index that always gave the same item."""
        for node in nodes_in(value):
            if isinstance(node, gast.Name) and isinstance(self.types.get(node.id), ListOf):
                plain = isinstance(value, gast.Subscript) and self.counts_from_start(value.slice)
                if not plain or self.storage.group(node.id) in self.changing_lists:
                    return True
        return False

    def counts_from_start(self, index: gast.expr) -> bool:
        """Whether an index into a list means the same item when the list has grown."""
        if isinstance(index, gast.Constant):
            return isinstance(index.value, int) and index.value >= 0
        definition = self.structure.definitions.get(index.id) if isinstance(index, gast.Name) else None
        if definition is None or definition.kind != "counter" or not isinstance(definition.loop, gast.For):
            return False
        start, _, step = range_parts(definition.loop)
        first = static_int(start)
        return first is not None and first >= 0 and is_int(step, 1)

    @functools.cached_property
    def changing_lists(self) -> set[str]:
        """Groups of lists from which items are taken, or whose items are exchanged."""
        found: set[str] = set()
        for statement in self.statements:
            for node in nodes_in(statement):
                match node:
                    case gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="pop")):
                        found.add(self.storage.group(name))
                    case gast.Assign(targets=[gast.Subscript(value=gast.Name(id=name))]):
                        found.add(self.storage.group(name))
        return found

    def is_cheap(self, value: gast.expr) -> bool:
        match value:
            case gast.Call(func=gast.Name(id=name)):
                return name in CHEAP_CALLS
            case gast.Call(func=gast.Attribute(value=gast.Name(id="np"), attr=name)) if name in CHEAP_OF_NUMPY:
                return True
            case gast.Call():
                return False
            case gast.BinOp(op=gast.MatMult()):
                return False
            case gast.BinOp(op=gast.Pow(), right=gast.Constant(value=exponent)):
                return exponent in (2, 2.0, 3)
            case gast.BinOp(op=gast.Pow()):
                return False
        return True

    def stored_between(self, value: gast.expr, place: Place) -> bool:
        """Whether memory that an expression reads may be written after it was evaluated and before now."""
        groups = {self.storage.group(n) for n in self.effects.looked_at(facts(value)) if self.storage.is_written(n)}
        if not groups:
            return False
        read = None
        if isinstance(value, gast.Subscript) and isinstance(value.value, gast.Name):
            read = Access(value.value.id, value.slice, place)
        return any(
            self.storage.group(base_name(self.storage.target(s)) or "") in groups
            and self.after(self.structure.places[id(s)], place)
            and self.before_now(self.structure.places[id(s)], place)
            and self.may_destroy(s, read)
            for s in self.storage.stores
        )

    def may_destroy(self, statement: gast.stmt, read: Access | None) -> bool:
        """Whether a store, when it follows a read of some elements, may overwrite one of them."""
        store_ = self.access_of(statement)
        if read is None or store_.name != read.name or self.storage.root(read.name) != read.name:
            return True
        if not isinstance(self.types[read.name], Array):
            return True
        return self.dependences.may_meet(read, store_, within=self.made_in(read.name))

    def after(self, store_place: Place, place: Place) -> bool:
        return store_place.index > place.index

    def before_now(self, store_place: Place, place: Place) -> bool:
        """Within the iteration that defined the value: stores up to the present statement count."""
        if store_place.index < self.now.index:
            return True
        shared = [loop for loop in self.now.block.loops if loop not in place.block.loops]
        return any(loop in store_place.block.loops for loop in shared)

    # ---- contents of arrays that are written in place

    def destroying(self, name: str, index: gast.expr | None) -> list[gast.stmt]:
        """Stores after the present statement that may change an array, or its elements at an index."""
        root = self.storage.root(name)
        read = None if index is None else Access(name, index, self.now)
        return [
            s
            for s in self.storage.stores
            if self.storage.group(base_name(self.storage.target(s)) or "") == self.storage.group(root)
            and self.may_follow(self.structure.places[id(s)], root, s)
            and self.may_destroy(s, read)
        ]

    def need_contents(self, name: str, index: gast.expr | None) -> bool:
        """Make an array hold what it held at this statement.  True if a copy was taken for that."""
        root = self.storage.root(name)
        later = self.destroying(name, index)
        definition = self.structure.definitions[root]
        carried = definition.kind == "loop" and definition.loop in self.now_loops()
        if carried and definition.loop is not None and not self.unwritten_in_iteration(root, definition.loop):
            self.take_copy(name)
            return True
        if carried or all(self.undoable(s) for s in later):
            if not carried:
                for statement in later:
                    self.plan.undo(id(statement))
            return False
        self.take_copy(name)
        return True

    def unwritten_in_iteration(self, root: str, loop: gast.stmt) -> bool:
        return not any(
            self.storage.root(base_name(self.storage.target(s)) or "") == root
            and loop in self.structure.places[id(s)].block.loops
            for s in self.storage.stores
        )

    def may_follow(self, store_place: Place, root: str, statement: gast.stmt) -> bool:
        """Whether a store may run after the statement whose adjoint is being written."""
        own = self.storage.root(base_name(self.storage.target(statement)) or "") == root
        inner = self.made_in(root) if own else ()
        shared = [loop for loop in self.now.block.loops if loop in store_place.block.loops and loop not in inner]
        return bool(shared) or store_place.index >= self.now.index

    def made_in(self, root: str) -> tuple[gast.stmt, ...]:
        """Loops that make an array anew in each iteration, or write all of it that they read when replayed."""
        definition = self.structure.definitions[root]
        if root in self.function.params or definition.kind != "plain":
            return ()
        around = definition.places[0].block.loops
        return around + tuple(
            loop for loop in self.now.block.loops if id(loop) in self.plan.replayed and self.is_private(root, loop)
        )

    def is_private(self, name: str, loop: gast.stmt) -> bool:
        raise NotImplementedError

    def undoable(self, statement: gast.stmt) -> bool:
        """Whether the array of a store is bound in the reverse sweep as it was in the forward sweep."""
        root = self.storage.root(base_name(self.storage.target(statement)) or "")
        definition = self.structure.definitions[root]
        return definition.kind in ("param", "plain", "branch") and not (
            definition.kind == "branch" and self.structure.loops_of(root)
        )

    def take_copy(self, name: str) -> None:
        """Record the contents of an array before the present statement."""
        key = ("copy", id(self.now.statement), name)
        self.plan.add(key, (name, id(self.now.statement)))
        self.scope.available.add(name)
