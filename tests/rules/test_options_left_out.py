"""Options that a definition does not read are refused where they would change the result."""

import numpy as np
import pytest
import scipy.signal

import adgen
from adgen.errors import AdgenError

X = np.array([1.0, 2.0, 0.5, 0.7])


def filtered_from_a_state(x):
    return np.sum(scipy.signal.lfilter([1.0, 0.5], [1.0, 0.2], x, zi=[0.3])[0])


def fitted_in_full(x):
    return np.sum(np.polynomial.chebyshev.chebfit(np.arange(4.0), x, 1, full=True)[0])


@pytest.mark.parametrize("function", [filtered_from_a_state, fitted_in_full])
def test_options_that_matter_are_refused(function):
    with pytest.raises(AdgenError):
        adgen.grad(function)(X)
