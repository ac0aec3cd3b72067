"""Programs that Numba compiles: what is outside of its subset of NumPy is respelled, or gets a function of its own.

The stage runs last, for ``jit=True`` only.  Every expression keeps its meaning; the types of all names are known,
so each call is decided when the code is written.  In this order:

1. what Numba takes as it stands stays (`native`);
2. what can be said in those words is respelled: `reductions`, `shapes`, `products`, `elements`, `indices`;
3. anything else is called in object mode, in a function of the module (`objects`): right, but at Python's pace.
"""

from collections.abc import Callable

from adgen.analyses.sizes import Sizes
from adgen.lower.fusion import fuse_arrays
from adgen.lower.helpers import Helper
from adgen.lower.lowering import Lowered, lower
from adgen.lower.order import order_loops
from adgen.lower.registers import keep_elements
from adgen.lower.tables import tabulate
from adgen.program.function import Function

__all__ = [
    "LOOPS", "Helper", "Lowered", "fuse_arrays", "keep_elements", "lower",
    "order_loops", "tabulate", "write_loops",
]  # fmt: skip

# Passes that write loops as a person would, each optional in meaning: the result is the same without it.
LOOPS: tuple[Callable[[Function, Sizes], Function], ...] = (
    fuse_arrays,  # arrays become loops
    tabulate,  # before loops change places: it looks at those around a costly call
    order_loops,  # along the rows of arrays
    keep_elements,  # what the loop that is innermost now touches again and again
)


def write_loops(
    function: Function, sizes: Sizes, passes: tuple[Callable[[Function, Sizes], Function], ...] = LOOPS
) -> Function:
    """The function with its arrays as loops over numbers."""
    for transform in passes:
        function = transform(function, sizes)
    return function
