"""Values that an iteration starts with, recorded only where the one branch is entered that needs them."""

from __future__ import annotations

import gast

from adgen.analyses.structure import Place
from adgen.program.attempts import Attempt
from adgen.program.types import Scalar
from adgen.transforms.tapes import Key, Tapes


class Entered(Tapes):
    """Where a loop variable is recorded: at the head of each iteration, or in a branch."""

    now: Place  # the forward statement whose adjoint is being written

    def headed(self, name: str, loop: gast.stmt) -> tuple[Key, str, gast.stmt]:
        """The record of what an iteration starts with, and the statement that it belongs to.

        A list has an item for each iteration that enters the branch; an array has room for all of them anyway.
        """
        head: tuple[Key, str, gast.stmt] = ("head", name), name, loop
        around = list(self.structure.enclosing(self.now))
        top = next((k for k, place in enumerate(around) if self.is_body(place, loop)), 0)
        branch = around[top].statement
        if not top or not isinstance(branch, gast.If) or isinstance(branch, Attempt):
            return head
        key: Key = ("entered", name, id(branch), int(around[top - 1].block.body is branch.orelse))
        taken = [k for k in self.plan.records if k == head[0] or (k[:2] == key[:2] and k != key)]
        region, loops = self.region((*self.structure.places[id(loop)].block.loops, loop))
        kind = self.types[name]
        if taken or region is not None or not isinstance(kind, Scalar) or self.indexable(loops, kind):
            return head
        return key, name, branch

    def is_body(self, place: Place, loop: gast.stmt) -> bool:
        """Whether a statement stands in the body of a loop, not deeper."""
        return place.block.owner is self.structure.places[id(loop)]
