"""Functions that right-hand sides of rules may name as ``rt.f``.

Plain NumPy in the language that adgen itself accepts: a generated module that uses one has its source
written into it, and second derivatives differentiate it like any other function, or by its row in
`adgen.rules.tables.runtime_functions`.  Nothing here knows of the compiler.
"""

from adgen.runtime import compiled
from adgen.runtime.compiled import *  # noqa: F403
from adgen.runtime.elementwise import *  # noqa: F403  (each module names its own in __all__)
from adgen.runtime.linalg import *  # noqa: F403
from adgen.runtime.positions import *  # noqa: F403
from adgen.runtime.products import *  # noqa: F403
from adgen.runtime.reductions import *  # noqa: F403
from adgen.runtime.shapes import *  # noqa: F403
from adgen.runtime.special import *  # noqa: F403

# What Numba compiles as it stands, for arguments of any rank.
COMPILED = frozenset([*compiled.__all__, "digamma", "log_ndtr"])
# Functions that have another form for Numba.
FORMS = {"sum_to": "sum_to_shape", "running_extremes": "running_places"}
