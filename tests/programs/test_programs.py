"""Every program of the corpus: values, both modes, both against references that know nothing of adgen."""

import sys

import numpy as np
import pytest

import adgen
from adgen.errors import AdgenError, BackendRefused, Refusals
from adgen.testing import check_grads
from tests.programs import Program, all_programs

# References are complex steps (1e-15) or extrapolated differences (about 1e-9 of the largest term).
FIRST_ORDER = 1e-7
# References of second order difference a derivative that is itself exact: the same.
SECOND_ORDER = 1e-6
# Compiling takes seconds a program; one in this many is compiled in every run.
COMPILED_SHARE = 12
# From Python 3.12 on, `sum` of floats makes up for rounding, which a loop does not.
SAME_SUMS = 0.0 if sys.version_info < (3, 12) else 1e-14

# Rounding has derivative zero, and adgen says so.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*a rounded value has derivative zero"),
    pytest.mark.filterwarnings("ignore::adgen.MeaninglessDerivative"),
]

PROGRAMS = all_programs()
ACCEPTED = [p for p in PROGRAMS if not p.refused]


def cases(programs: list[Program]) -> list:
    return [
        pytest.param(p, args, id=p.name if len(p.inputs) == 1 else f"{p.name}-{i}")
        for p in programs
        for i, args in enumerate(p.inputs)
    ]


def compiled_cases() -> list:
    kept = []
    for k, p in enumerate(p for p in ACCEPTED if p.jit):
        marks = () if k % COMPILED_SHARE == 0 else pytest.mark.slow
        kept.append(pytest.param(p, id=p.name, marks=marks))
    return kept


@pytest.mark.parametrize(("program", "args"), cases(ACCEPTED))
def test_forward_agrees_with_references_and_reverse_with_forward(program: Program, args: tuple) -> None:
    check_grads(program.function, args, argnums=program.argnums, rtol=FIRST_ORDER, atol=FIRST_ORDER)


@pytest.mark.parametrize(("program", "args"), cases([p for p in ACCEPTED if p.order2]))
def test_second_derivatives(program: Program, args: tuple) -> None:
    check_grads(program.function, args, order=2, argnums=program.argnums, rtol=SECOND_ORDER, atol=SECOND_ORDER)


@pytest.mark.parametrize("program", compiled_cases())
def test_compiled_derivatives(program: Program) -> None:
    for args in program.inputs:
        check_grads(program.function, args, argnums=program.argnums, rtol=FIRST_ORDER, atol=FIRST_ORDER, jit=True)


@pytest.mark.parametrize("program", [p for p in ACCEPTED if not p.jit], ids=lambda p: p.name)
def test_what_numba_cannot_do_is_refused_by_name(program: Program) -> None:
    with pytest.raises(BackendRefused):
        check_grads(program.function, program.inputs[0], argnums=program.argnums, jit=True)


def scalar_programs() -> list[Program]:
    found = []
    for p in ACCEPTED:
        first = p.inputs[0][0] if p.inputs[0] else None
        if p.argnums is None and isinstance(first, (float, np.ndarray)) and np.asarray(first).dtype == float:
            copies = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in p.inputs[0])
            if isinstance(p.function(*copies), (float, np.floating)):
                found.append(p)
    return found


@pytest.mark.parametrize("program", scalar_programs(), ids=lambda p: p.name)
def test_grad_is_the_pullback_of_one(program: Program) -> None:
    args = program.inputs[0]
    value, pullback = adgen.vjp(program.function)(*args)
    same_value, gradient = adgen.value_and_grad(program.function)(*args)
    np.testing.assert_allclose(same_value, value, rtol=SAME_SUMS)
    np.testing.assert_allclose(gradient, pullback(1.0)[0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(adgen.grad(program.function)(*args), gradient, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("program", [p for p in PROGRAMS if p.refused], ids=lambda p: p.name)
def test_refused_by_name(program: Program) -> None:
    with pytest.raises(AdgenError) as caught:
        check_grads(program.function, program.inputs[0], argnums=program.argnums)
    error = caught.value
    slugs = {e.slug for e in error.errors} if isinstance(error, Refusals) else {error.slug}
    assert program.refused in slugs


def test_the_corpus_is_large_and_refuses_little() -> None:
    assert len(PROGRAMS) >= 250
    assert len(PROGRAMS) - len(ACCEPTED) <= 25
