"""Text that runs without adgen checks itself what a call checks otherwise."""

import numpy as np
import pytest

from adgen.api import generate_module
from adgen.build import Entry


def last_of_products(a: np.ndarray, b: np.ndarray) -> float:
    for i in range(1, len(a)):
        a[i] = a[i - 1] * b[i]
    return a[-1] + b[-1]


def test_arguments_that_share_memory_are_told() -> None:
    entry = Entry("here:last_of_products", last_of_products, ("grad",), (0, 1), "float64(float64[:], float64[:])")
    space: dict = {}
    exec(generate_module([entry]), space)
    x = np.arange(1.0, 7.0)
    a_bar, b_bar = space["last_of_products_grad"](x[:3], x[3:])
    np.testing.assert_allclose(a_bar, [30.0, 0.0, 0.0])
    np.testing.assert_allclose(b_bar, [0.0, 6.0, 6.0])
    for a, b in ((x, x), (x[:3], x[1:4])):
        with pytest.raises(ValueError, match="a is written, and shares memory"):
            space["last_of_products_grad"](a, b)
