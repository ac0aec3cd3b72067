"""Views that are only read element by element, as `row` in ``row = x[i]; ... row[0] * row[k]``.

The adjoint of such a view is the same view of its array's adjoint: what its elements get is added there at once, not
to zeros first that are then added as a whole.
"""

from __future__ import annotations

import functools

import gast

from adgen.analyses.structure import Definition, Place
from adgen.program.syntax import nodes_in, own_parts
from adgen.program.types import Array
from adgen.transforms.diagonals import Diagonals
from adgen.transforms.nodes import is_basic

METADATA = ("shape", "size", "ndim", "dtype")


class RowViews(Diagonals):
    """Which views those are, among views of arrays that nobody writes."""

    def is_row(self, name: str) -> bool:
        """Whether the adjoint of a view is a view, although the program does not write the array."""
        if name not in self.rows_known:
            self.rows_known[name] = self.find_row(name)
        return self.rows_known[name]

    @functools.cached_property
    def rows_known(self) -> dict[str, bool]:
        return {}

    def find_row(self, name: str) -> bool:
        view, parent = self.storage.views.get(name), self.storage.parent.get(name, "")
        if self.storage.is_written(name) or name in self.outputs or not isinstance(self.types.get(parent), Array):
            return False
        match view:
            case gast.Subscript(value=gast.Name(), slice=index) if is_basic(index, self.types) and not adds_axes(index):
                pass
            case _:
                return False
        here, there = self.structure.definitions.get(name), self.structure.definitions.get(parent)
        if here is None or there is None or not (is_single(here) and is_single(there)):
            return False
        made = here.places[0]
        return all(self.is_read_by_elements(name, place, made) for place in self.reads_by_name.get(name, []))

    @functools.cached_property
    def reads_by_name(self) -> dict[str, list[Place]]:
        """The statements that read each name; compound ones where their own expressions do."""
        found: dict[str, list[Place]] = {}
        for place in self.structure.places.values():
            for part in own_parts(place.statement):
                for node in nodes_in(part):
                    if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load):
                        found.setdefault(node.id, []).append(place)
        return found

    def is_read_by_elements(self, name: str, place: Place, made: Place) -> bool:
        """Whether a statement reads elements only, others in each iteration of loops that the view is made before.

        An element that is the same in all iterations is better summed in a place of its own.
        """
        inner = place.block.loops[len(made.block.loops) :]
        if place.block.loops[: len(made.block.loops)] != made.block.loops:
            return False
        elements = mentioned = 0
        for part in own_parts(place.statement):
            for node in nodes_in(part):
                match node:
                    case gast.Subscript(value=gast.Name(id=n), slice=index) if n == name:
                        basic = is_basic(index, self.types) and not adds_axes(index)
                        elements += basic and all(self.varies(index, loop) for loop in inner)
                    case gast.Attribute(value=gast.Name(id=n), attr=attr) if n == name and attr in METADATA:
                        elements += 1
                    case gast.Name(id=n) if n == name:
                        mentioned += 1
        return elements == mentioned

    def varies(self, index: gast.expr, loop: gast.stmt) -> bool:
        """Whether an index is another one in each iteration, as far as the names in it tell."""
        names = (n.id for n in nodes_in(index) if isinstance(n, gast.Name))
        return any(
            loop in self.structure.loops_of(n) or getattr(self.structure.definitions.get(n), "loop", None) is loop
            for n in names
        )


def element(whole: gast.expr, index: gast.expr) -> gast.Subscript:
    """``x[i, j]`` for ``x[i][j]``."""
    if isinstance(whole, gast.Subscript):
        outer = whole.slice.elts if isinstance(whole.slice, gast.Tuple) else [whole.slice]
        inner = index.elts if isinstance(index, gast.Tuple) else [index]
        if all(isinstance(i, gast.Name | gast.Constant | gast.UnaryOp | gast.BinOp) for i in outer):
            return gast.Subscript(whole.value, gast.Tuple([*outer, *inner], gast.Load()), gast.Load())
    return gast.Subscript(whole, index, gast.Load())


def is_single(definition: Definition) -> bool:
    return definition.kind == "param" or (definition.kind == "plain" and len(definition.places) == 1)


def adds_axes(index: gast.expr) -> bool:
    items = index.elts if isinstance(index, gast.Tuple) else [index]
    return any(isinstance(i, gast.Constant) and (i.value is None or i.value is ...) for i in items)
