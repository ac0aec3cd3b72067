"""``has_aux=True``: what a function returns besides comes back, also from loops that the reverse sweep runs again."""

import math

import numpy as np
import pytest

import adgen


def losses(x):
    work, total, squares = np.empty(3), 0.0, 0.0
    for i in range(4):
        for j in range(3):
            work[j] = math.exp(x[i, j])
        s = 0.0
        for j in range(3):
            s += work[j]
        total += math.log(s)
        squares += s * s
    return total, (work, {"squares": squares, "last": s})


@pytest.mark.parametrize("jit", [False, True])
def test_gradients_come_with_what_is_returned_besides(jit: bool) -> None:
    x = np.random.default_rng(1).random((4, 3))
    sums = np.exp(x).sum(axis=1)
    gradient, aux = adgen.grad(losses, has_aux=True, jit=jit)(x)
    (value, same), again = adgen.value_and_grad(losses, has_aux=True, jit=jit)(x)
    np.testing.assert_allclose(value, np.log(sums).sum(), rtol=1e-14)
    for found in (gradient, again):
        np.testing.assert_allclose(found, np.exp(x) / sums[:, None], rtol=1e-14)
    for work, other in (aux, same):
        np.testing.assert_allclose(work, np.exp(x[3]), rtol=1e-14)
        np.testing.assert_allclose((other["squares"], other["last"]), ((sums**2).sum(), sums[3]), rtol=1e-14)
