"""Independent checks of derivatives: differences, the complex step, and the dot-product identity.

A derivative is right if it agrees with the function itself (`richardson`, `complex_step`) and if both modes
agree with each other (`dot_product_gap`).  None of the checks knows how the derivative was made.
"""

from adgen.testing.checks import check_grads, dot_product_gap
from adgen.testing.references import complex_step, reference_derivative, richardson
from adgen.testing.trees import random_direction

__all__ = [
    "check_grads",
    "complex_step",
    "dot_product_gap",
    "random_direction",
    "reference_derivative",
    "richardson",
]
