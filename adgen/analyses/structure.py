"""Where names are defined: the nesting of statements, the loops around them, the order of execution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import gast

from adgen.program.function import Function


@dataclass
class Place:
    """A statement's position: preorder index, enclosing blocks outermost first."""

    statement: gast.stmt
    index: int
    block: Block
    position: int
    last: int = 0  # the greatest index of what is nested in it; its own if nothing is


@dataclass
class Block:
    """A list of statements, and the statement that it belongs to."""

    body: Sequence[gast.stmt]
    owner: Place | None
    loops: tuple[gast.stmt, ...]
    places: list[Place] = field(default_factory=list)


@dataclass
class Definition:
    """How a name gets its value: param, counter, plain, copy (a loop's or branch's variable)."""

    name: str
    kind: str
    places: list[Place] = field(default_factory=list)
    loop: gast.stmt | None = None  # for loop variables: the loop that carries them


class Structure:
    """Positions and definitions of a program in normal form."""

    def __init__(self, function: Function) -> None:
        self.places: dict[int, Place] = {}
        self.blocks: dict[int, Block] = {}
        self.definitions: dict[str, Definition] = {}
        self._count = 0
        self.keep = function
        for name in function.params:
            self.definitions[name] = Definition(name, "param")
        self.root = self._block(function.body, None, ())
        self._classify()

    def _block(self, body: Sequence[gast.stmt], owner: Place | None, loops: tuple[gast.stmt, ...]) -> Block:
        block = Block(body, owner, loops)
        self.blocks[id(body)] = block
        for position, statement in enumerate(body):
            place = Place(statement, self._count, block, position)
            self._count += 1
            self.places[id(statement)] = place
            block.places.append(place)
            match statement:
                case gast.If():
                    self._block(statement.body, place, loops)
                    self._block(statement.orelse, place, loops)
                case gast.For():
                    self._define(statement.target.id, "counter", place)
                    self.definitions[statement.target.id].loop = statement
                    self._block(statement.body, place, (*loops, statement))
                case gast.While():
                    self._block(statement.body, place, (*loops, statement))
                case gast.Assign(targets=[target]):
                    for name in assigned(target):
                        self._define(name, "plain", place)
            place.last = self._count - 1
        return block

    def _define(self, name: str, kind: str, place: Place) -> None:
        definition = self.definitions.setdefault(name, Definition(name, kind))
        definition.places.append(place)

    def _classify(self) -> None:
        """Names defined more than once are branch variables, or variables of the loop that redefines them."""
        for definition in self.definitions.values():
            if len(definition.places) < 2 or definition.kind == "counter":
                if definition.kind == "plain" and self._carried_only_inside(definition):
                    definition.kind, definition.loop = "loop", definition.places[0].block.loops[-1]
                continue
            outermost = min(len(p.block.loops) for p in definition.places)
            deepest = max(definition.places, key=lambda p: len(p.block.loops))
            if len(deepest.block.loops) > outermost:
                definition.kind, definition.loop = "loop", deepest.block.loops[outermost]
            elif outermost and self._at_tail(definition):
                definition.kind, definition.loop = "loop", deepest.block.loops[-1]
            else:
                definition.kind = "branch"

    def _carried_only_inside(self, definition: Definition) -> bool:
        """A loop variable without a value before the loop: copied at the tail only."""
        place = definition.places[0]
        if not place.block.loops:
            return False
        return is_copy(place.statement) and self._at_tail(definition) and getattr(place.statement, "carries", False)

    def _at_tail(self, definition: Definition) -> bool:
        return all(getattr(p.statement, "carries", False) for p in definition.places)

    def values(self) -> dict[str, gast.expr]:
        """What defines each name that is defined once, in the order of the program."""
        found: dict[str, gast.expr] = {}
        for place in self.places.values():
            match place.statement:
                case gast.Assign(targets=[gast.Name(id=name)], value=value):
                    found[name] = value
        return found

    def loops_of(self, name: str) -> tuple[gast.stmt, ...]:
        """The loops around a name's definition (for a loop variable: those around its loop)."""
        definition = self.definitions.get(name)
        if definition is None or not definition.places:
            return ()
        if definition.kind == "counter":
            return (*definition.places[0].block.loops,)
        if definition.loop is not None:
            return self.places[id(definition.loop)].block.loops
        return min((p.block.loops for p in definition.places), key=len)

    def enclosing(self, place: Place) -> Iterator[Place]:
        """The statement itself, then those around it, innermost first."""
        current: Place | None = place
        while current is not None:
            yield current
            current = current.block.owner


def assigned(target: gast.expr) -> list[str]:
    """Names that an assignment's target binds (stores into arrays bind none)."""
    if isinstance(target, gast.Name):
        return [target.id]
    if isinstance(target, gast.Tuple):
        return [n for e in target.elts for n in assigned(e)]
    return []


def leaves_early(body: Sequence[gast.stmt]) -> bool:
    """Whether a ``break`` may end the loop."""
    for statement in body:
        if isinstance(statement, gast.Break):
            return True
        if isinstance(statement, gast.If) and (leaves_early(statement.body) or leaves_early(statement.orelse)):
            return True
    return False


def is_copy(statement: gast.stmt) -> bool:
    return isinstance(statement, gast.Assign) and isinstance(statement.value, gast.Name | gast.Tuple | gast.Constant)


def base_name(node: gast.expr) -> str | None:
    """The variable at the bottom of ``x[i].T[j]``."""
    while isinstance(node, gast.Subscript | gast.Attribute):
        node = node.value
    return node.id if isinstance(node, gast.Name) else None
