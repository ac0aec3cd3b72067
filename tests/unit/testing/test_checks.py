"""`check_grads` takes what functions may return."""

import numpy as np

from adgen.testing import check_grads


def several(x, m):
    return np.sum(x) * x[0], x * x, m * x[1]


def test_second_order_of_results_of_several_shapes() -> None:
    check_grads(several, (np.array([0.3, 1.2, 0.7]), np.ones((2, 2))), order=2)
