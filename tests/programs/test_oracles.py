"""Gradients of the corpus beside those of JAX, autograd and PyTorch, wherever these can follow."""

import importlib.util
import warnings

import numpy as np
import pytest

from tests.oracles import UNHEARD, WITNESSES, is_real_array, parts, witness_of
from tests.programs import all_programs

# Two exact derivatives in double precision differ by rounding.
TOLERANCE = 1e-8
# Fewer comparisons than this would mean that the witnesses were not really asked.
AT_LEAST = {"jax": 150, "autograd": 100, "torch": 20}


@pytest.mark.oracle
@pytest.mark.parametrize("kind", WITNESSES, ids=lambda kind: kind.package)
@pytest.mark.filterwarnings("ignore")
def test_gradients_agree_with_other_differentiators(kind) -> None:
    import adgen

    if importlib.util.find_spec(kind.package) is None:
        pytest.skip(f"{kind.package} is not installed")
    witness, compared, disagreements = kind(), 0, []
    rng = np.random.default_rng(0)
    for program in all_programs():
        if program.refused or program.name in UNHEARD:
            continue
        args = program.inputs[0]
        copies = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args]
        values = parts(program.function(*copies))
        if not all(is_real_array(value) for value in values):
            continue
        weights = tuple(rng.standard_normal(np.shape(value)) if np.shape(value) else 1.3 for value in values)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = witness_of(witness, program, args, weights)
        if expected is None:
            continue
        compared += 1
        result, pullback = adgen.vjp(program.function)(*args)
        found = pullback(weights if isinstance(result, tuple) else weights[0])
        for i, gradient in expected.items():
            if not np.allclose(found[i], gradient, rtol=TOLERANCE, atol=TOLERANCE):
                disagreements.append(f"{program.name}, argument {i}: {found[i]} and {gradient}")
    assert not disagreements, "\n".join(disagreements)
    assert compared >= AT_LEAST[kind.package]
