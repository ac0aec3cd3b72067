"""Derivative code as a careful person would write it: small passes, each right on its own.

Meaning does not depend on this stage, quality does.
"""

from __future__ import annotations

from collections.abc import Callable

from adgen.optimize.accumulation import merge_accumulations
from adgen.optimize.algebra import simplify_algebra
from adgen.optimize.blank_likes import replace_blank_likes
from adgen.optimize.coalesce import coalesce_copies
from adgen.optimize.common_subexpressions import share_subexpressions
from adgen.optimize.context import Facts
from adgen.optimize.contractions import contract_products
from adgen.optimize.copies import propagate_copies
from adgen.optimize.dead_code import remove_dead_code
from adgen.optimize.delay import delay_redefinitions
from adgen.optimize.factors import scale_short_factors
from adgen.optimize.inline import inline_temporaries
from adgen.optimize.loops import straighten_loops
from adgen.optimize.names import name_after_variables, number_anew, renumber_temporaries
from adgen.optimize.scatters import scatter_rows
from adgen.optimize.spare_copies import spare_copies
from adgen.program.function import Function

Pass = Callable[[Function], Function]
ROUNDS = 8

PASSES: tuple[Pass, ...] = (
    remove_dead_code,  # first: the less there is, the quicker the rest
    replace_blank_likes,  # so that what filled them is dead
    spare_copies,
    coalesce_copies,  # before propagation, which would make lives overlap
    delay_redefinitions,  # so that copies of old values need not be kept
    propagate_copies,
    simplify_algebra,
    share_subexpressions,
    inline_temporaries,
    merge_accumulations,
    straighten_loops,  # last: by now most of what tied the loops together is gone
)

# The same where no loops are written: arrays are multiplied and summed as NumPy does it quickly.
_AFTER_ALGEBRA = PASSES.index(simplify_algebra) + 1
INTERPRETED: tuple[Pass, ...] = (
    *PASSES[:_AFTER_ALGEBRA],
    contract_products,
    scale_short_factors,  # in what is left of the products
    *PASSES[_AFTER_ALGEBRA:],
    scatter_rows,
)


def optimize(function: Function, passes: tuple[Pass, ...] = PASSES) -> Function:
    """Apply the passes until nothing changes; a pass rests until another one changed something."""
    seen: dict[Pass, Function] = {}
    for _ in range(ROUNDS):
        start = function
        for transform in passes:
            if seen.get(transform) is not function:
                function = transform(function)
                seen[transform] = function
        if function is start:
            break
    Facts.forget()
    return name_after_variables(number_anew(renumber_temporaries(function)))
