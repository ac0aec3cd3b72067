"""adgen: derivatives of plain Python and NumPy, written as Python source."""

from adgen.api import (
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacfwd,
    jacobian,
    jacrev,
    jvp,
    source,
    value_and_grad,
    vjp,
)
from adgen.errors import MeaninglessDerivative
from adgen.rules.users import rule
from adgen.runtime import stop_gradient
from adgen.testing import check_grads

__version__ = "0.1.0"
__all__ = [
    "MeaninglessDerivative",
    "check_grads",
    "elementwise_grad",
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "rule",
    "source",
    "stop_gradient",
    "value_and_grad",
    "vjp",
]
