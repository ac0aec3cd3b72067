"""Random programs: right or refused, and seldom refused."""

import os
import random

import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from adgen.errors import AdgenError, InternalError
from adgen.testing import check_grads, complex_step
from tests.properties.programs_at_random import is_tame, load_program, sample_arguments, write_program

EXAMPLES = int(os.environ.get("ADGEN_PROPERTY_EXAMPLES", "60"))
# Compiling one takes seconds.
COMPILED_EXAMPLES = max(3, EXAMPLES // 200)
# The complex step is exact to rounding, which programs of thirty statements may amplify.
TOLERANCE = 1e-8
SURVEYED = 150
REFUSED_AT_MOST = 0.15
# Ten thousand programs by their seeds, in portions that the workers share; the first portion runs always.
PORTION = 50
PORTIONS = 200

SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="ADGEN_PROPERTY_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@st.composite
def programs(draw):
    return write_program(lambda options: options[draw(st.integers(0, len(options) - 1))])


def expect_right_or_refused(text: str, seed: int, *, jit: bool = False) -> None:
    function, args = load_program(text), sample_arguments(seed)
    assume(is_tame(function, args))
    note(text)
    try:
        check_grads(function, args, rtol=TOLERANCE, atol=TOLERANCE, jit=jit, seed=seed, reference=complex_step)
    except InternalError:
        raise
    except AdgenError:
        return


@given(text=programs(), seed=st.integers(0, 5))
@SETTINGS
def test_random_programs_are_right_or_refused(text: str, seed: int) -> None:
    expect_right_or_refused(text, seed)


@pytest.mark.slow
@given(text=programs(), seed=st.integers(0, 5))
@settings(SETTINGS, max_examples=COMPILED_EXAMPLES)
def test_random_programs_compiled_are_right_or_refused(text: str, seed: int) -> None:
    expect_right_or_refused(text, seed, jit=True)


@pytest.mark.parametrize("first", [pytest.param(k, marks=[pytest.mark.slow] if k else []) for k in range(PORTIONS)])
def test_programs_by_seed_are_right_or_refused(first: int) -> None:
    for seed in range(first * PORTION, (first + 1) * PORTION):
        text = write_program(random.Random(seed).choice)
        function, args = load_program(text), sample_arguments(seed)
        if not is_tame(function, args):
            continue
        try:
            check_grads(function, args, rtol=TOLERANCE, atol=TOLERANCE, seed=seed, reference=complex_step)
        except InternalError:
            raise
        except AdgenError:
            continue
        except Exception as error:
            error.add_note(f"seed {seed}:\n{text}")
            raise


def test_few_random_programs_are_refused() -> None:
    import adgen

    asked, refusals = 0, []
    for seed in range(SURVEYED):
        function, args = load_program(write_program(random.Random(seed).choice)), sample_arguments(seed)
        if not is_tame(function, args):
            continue
        asked += 1
        try:
            adgen.vjp(function)(*args)
        except InternalError:
            raise
        except AdgenError as error:
            refusals.append(str(error))
    assert len(refusals) <= REFUSED_AT_MOST * asked, "\n\n".join(refusals)
