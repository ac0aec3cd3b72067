"""What holds after a branch was reversed: each adjoint is held by one variable, whichever way was taken."""

from __future__ import annotations

from dataclasses import dataclass

import gast

from adgen.analyses.structure import Place
from adgen.program.types import Scalar
from adgen.transforms.bars import Bar
from adgen.transforms.nodes import load, store
from adgen.transforms.recording import Scope
from adgen.transforms.replay import Replay


@dataclass
class End:
    """Where the reversal of one way through a branch has come to."""

    block: list[gast.stmt]
    bars: dict[str, Bar]
    scope: Scope


class Merging(Replay):
    """Adjoints after branches."""

    def merge(
        self,
        place: Place,
        before: dict[str, Bar],
        ends: list[End],
        position: int,
    ) -> None:
        """After both branches every adjoint is held by the same variable, in full shape."""
        merged: dict[str, Bar] = {}
        for name in dict.fromkeys([*ends[0].bars, *ends[1].bars]):
            if self.defined_within(name, place):
                continue
            one, two = (end.bars.get(name) for end in ends)
            if one is not None and one == two:
                merged[name] = one
                continue
            merged[name] = self.unify(name, ends, before, position)
        self.bars = merged

    def defined_within(self, name: str, place: Place) -> bool:
        definition = self.structure.definitions.get(name)
        return (
            definition is not None
            and bool(definition.places)
            and all(self.inside(p, place) and p is not place for p in definition.places)
        )

    def unify(
        self,
        name: str,
        ends: list[End],
        before: dict[str, Bar],
        position: int,
    ) -> Bar:
        variable = self.full_name(name)
        wanted = self.types[name]
        owned = True
        scope = self.scope
        for end in ends:
            bar = end.bars.get(name)
            if bar is not None and bar.name == variable and self.is_full(bar.type, wanted):
                owned = owned and bar.owned
                continue
            outer, self.out = self.out, end.block
            self.scope = end.scope
            self.span = None
            if bar is None:
                missing_before = name not in before
                zero = self.zeros(name)
                if missing_before and isinstance(wanted, Scalar):
                    self.out = outer
                    self.out.insert(position, gast.Assign([store(variable)], zero, None))
                else:
                    self.assign(variable, zero)
            elif self.is_full(bar.type, wanted):
                self.assign(variable, load(bar.name))
                owned = owned and bar.owned
            else:
                self.assign(variable, self.filled(name, bar))
            self.out = outer
        self.scope = scope
        self.types[variable] = self.full_type(name)
        return Bar(variable, self.types[variable], owned)
