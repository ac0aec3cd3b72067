"""Slopes that the function computes itself: the cosine beside the sine of an angle."""

from __future__ import annotations

import functools

import gast

from adgen.analyses.effects import facts
from adgen.analyses.structure import Place
from adgen.program.syntax import clone
from adgen.program.types import Array, Scalar
from adgen.transforms.nodes import load
from adgen.transforms.singular import Singular


class KnownResults(Singular):
    """Calls in partials that an iteration of the forward sweep makes too: its result is recorded, not computed again.

    Outside of loops a pass that shares common subexpressions finds them.
    """

    def with_known(self, partial: gast.expr) -> gast.expr:
        """A partial with such calls replaced by the variables that hold their results."""
        if not self.now.block.loops:
            return partial
        around = [place.block for place in self.structure.enclosing(self.now)]
        known = {text: name for text, name, place in self.calls_in_loops if place.block in around}
        return _Replacing(known).visit(clone(partial)) if known else partial

    @functools.cached_property
    def calls_in_loops(self) -> list[tuple[str, str, Place]]:
        """The text of a call, the name of its result, the place."""
        found: list[tuple[str, str, Place]] = []
        for place in self.structure.places.values():
            match place.statement:
                case gast.Assign(
                    targets=[gast.Name(id=name)], value=gast.Call(func=gast.Attribute(), keywords=[]) as value
                ):
                    if place.block.loops and self.is_lasting_result(name, value, place) and self.effects.is_pure(value):
                        found.append((facts(value).text, name, place))
        return found

    def is_lasting_result(self, name: str, call: gast.Call, place: Place) -> bool:
        """Whether the arguments of a call, and its result, have one value each in the blocks in which it stands."""
        definition = self.structure.definitions[name]
        if definition.kind != "plain" or len(definition.places) > 1 or not self.is_never_written(name):
            return False
        for argument in call.args:
            if isinstance(argument, gast.Constant):
                continue
            if not isinstance(argument, gast.Name) or not self.is_never_written(argument.id):
                return False
            source = self.structure.definitions.get(argument.id)
            if source is not None and source.loop is not None and source.loop not in place.block.loops:
                return False  # it is another in the loop, and before it
        return True

    def is_never_written(self, name: str) -> bool:
        """Whether a name stands for a number, or for an array whose elements stay what they are."""
        type_ = self.types.get(name)
        return isinstance(type_, Scalar) or (isinstance(type_, Array) and not self.storage.is_written(name))


class _Replacing(gast.NodeTransformer):
    def __init__(self, known: dict[str, str]) -> None:
        self.known = known

    def visit_Call(self, node: gast.Call) -> gast.AST:
        name = self.known.get(facts(node).text)
        return self.generic_visit(node) if name is None else load(name)
