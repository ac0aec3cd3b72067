"""Flags that are set for a while: stores whose old value the program tells, and statements that put everything back.

After ``if not taken[k]:`` an element is known to be False; after ``taken[k] = True`` it is True until another store,
and loops in between that put back what they change do not count.
"""

from __future__ import annotations

from collections.abc import Sequence

import gast

from adgen.analyses.effects import blocks_of, facts
from adgen.analyses.storage import Storage
from adgen.analyses.structure import Place, Structure, base_name
from adgen.program.attempts import Attempt


class Restored:
    """What is known of the elements of arrays that are written as flags are."""

    def __init__(self, structure: Structure, storage: Storage) -> None:
        self.structure, self.storage = structure, storage
        self._old: dict[int, gast.Constant | None] = {}
        self._kept: dict[tuple[int, str], bool] = {}

    def old_value(self, store: gast.stmt) -> gast.Constant | None:
        """The constant that an element is known to hold before a store; None for all else."""
        if id(store) not in self._old:
            self._old[id(store)] = None  # while it is being found out
            self._old[id(store)] = self._find_old(store)
        return self._old[id(store)]

    def keeps(self, statement: gast.stmt, array: str) -> bool:
        """Whether an array holds after a statement what it held before it, whatever happens inside."""
        key = (id(statement), array)
        if key not in self._kept:
            self._kept[key] = False
            self._kept[key] = self._puts_back(statement, array)
        return self._kept[key]

    def _find_old(self, store: gast.stmt) -> gast.Constant | None:
        place = self.structure.places[id(store)]
        element = self._element(store)
        if element is None:
            return None
        array, index = element
        for earlier in reversed(place.block.body[: place.position]):
            if not self._writes(earlier, array):
                continue
            if self._element(earlier) == (array, index):
                return _constant_of(earlier)
            if not self.keeps(earlier, array):
                return None
        return self._told_by_condition(place, array, index)

    def _told_by_condition(self, place: Place, array: str, index: str) -> gast.Constant | None:
        """The value of a flag in a branch that was entered because of it."""
        owner = place.block.owner
        if owner is None or not isinstance(owner.statement, gast.If) or isinstance(owner.statement, Attempt):
            return None
        flag, value = owner.statement.test, place.block.body is owner.statement.body
        for earlier in reversed(owner.block.body[: owner.position]):
            if self._writes(earlier, array):
                return None
            match earlier:
                case gast.Assign(targets=[gast.Name(id=name)], value=read) if (
                    isinstance(flag, gast.Name) and name == flag.id
                ):
                    if isinstance(read, gast.UnaryOp) and isinstance(read.op, gast.Not):
                        flag, value = read.operand, not value
                        continue
                    is_flag = getattr(self.storage.types.get(array), "kind", "") == "b"
                    return gast.Constant(value, None) if is_flag and self._place_of(read) == (array, index) else None
        return None

    def _puts_back(self, statement: gast.stmt, array: str) -> bool:
        if not isinstance(statement, gast.If | gast.For | gast.While) or isinstance(statement, Attempt):
            return not self._writes(statement, array)
        return all(self._block_puts_back(block, array) for block in blocks_of(statement))

    def _block_puts_back(self, body: Sequence[gast.stmt], array: str) -> bool:
        """Whether the last store into an element brings back what the first one found there."""
        stores = [s for s in body if not isinstance(s, gast.If | gast.For | gast.While) and self._writes(s, array)]
        if not all(self.keeps(s, array) for s in body if s not in stores):
            return False
        if not stores:
            return True
        places = {self._element(s) for s in stores}
        first, last = self.old_value(stores[0]), _constant_of(stores[-1])
        if len(places) > 1 or None in places or first is None or last is None:
            return False
        return (type(first.value), first.value) == (type(last.value), last.value)

    def _writes(self, statement: gast.stmt, array: str) -> bool:
        """Whether an array, or one that may share its memory, is written in a statement."""
        place, group = self.structure.places[id(statement)], self.storage.group(array)
        stores = [
            s for s in self.storage.stores if self.storage.group(base_name(self.storage.target(s)) or "") == group
        ]
        return any(place.index <= self.structure.places[id(s)].index <= place.last for s in stores)

    def _element(self, statement: gast.stmt) -> tuple[str, str] | None:
        """The array and the index of ``a[i] = v``."""
        match statement:
            case gast.Assign(targets=[target]):
                return self._place_of(target)
        return None

    def _place_of(self, node: gast.expr) -> tuple[str, str] | None:
        """An array that has one name throughout, and an index of numbers."""
        match node:
            case gast.Subscript(value=gast.Name(id=array), slice=index):
                items = index.elts if isinstance(index, gast.Tuple) else [index]
                definition = self.structure.definitions.get(array)
                one = definition is not None and definition.kind in ("param", "plain") and len(definition.places) < 2
                return (array, facts(index).text) if one and all(map(self._is_number, items)) else None
        return None

    def _is_number(self, item: gast.expr) -> bool:
        if isinstance(item, gast.Name):
            return not self.storage.is_array(item.id)
        return isinstance(item, gast.Constant) and type(item.value) is int


def _constant_of(statement: gast.stmt) -> gast.Constant | None:
    match getattr(statement, "value", None):
        case gast.Constant(value=bool() | int() | float()) as value:
            return value
    return None
