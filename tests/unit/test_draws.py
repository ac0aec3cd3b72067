"""The sweeps of one derivative make the same random draws, and the generator goes on as after one call."""

import types

import numpy as np
import pytest

import adgen

NOISE = np.random.default_rng(7)


def with_argument(x: float, rng: np.random.Generator) -> float:
    return x * rng.normal()


def with_attribute(x: float, model: types.SimpleNamespace) -> float:
    return x * model.rng.normal()


def with_global(x: float) -> float:
    return x * NOISE.normal()


def with_numpys_own(x: float) -> float:
    return x * np.random.normal()


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.RandomState])
def test_pullback_repeats_the_draws_of_the_value(make):
    rng = make(0)
    value, pullback = adgen.vjp(with_argument)(2.0, rng)
    reference = make(0)
    drawn = reference.normal()
    assert value == 2.0 * drawn
    assert [pullback(1.0)[0], pullback(3.0)[0]] == [drawn, 3.0 * drawn]
    assert rng.normal() == reference.normal()


def test_generator_in_an_object_goes_on_from_call_to_call():
    model = types.SimpleNamespace(rng=np.random.default_rng(0))
    reference = np.random.default_rng(0)
    for _ in range(2):
        value, pullback = adgen.vjp(with_attribute)(2.0, model)
        drawn = reference.normal()
        assert value == 2.0 * drawn
        assert pullback(1.0)[0] == drawn


@pytest.mark.parametrize("function", [with_global, with_numpys_own])
def test_generators_from_outside(function):
    value, pullback = adgen.vjp(function)(2.0)
    assert [2.0 * pullback(1.0)[0], 2.0 * pullback(1.0)[0]] == [value, value]
    assert function(2.0) != value


def test_jacobians_are_of_one_draw():
    def noisy(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return x * rng.normal()

    expected = np.eye(3) * np.random.default_rng(0).normal()
    for jacobian in (adgen.jacobian, adgen.jacfwd, adgen.jacrev):
        np.testing.assert_array_equal(jacobian(noisy)(np.ones(3), np.random.default_rng(0)), expected)


def test_draws_that_nobody_reads_move_the_generator_on():
    def after_others(x: float, rng: np.random.Generator) -> float:
        rng.normal()
        for _ in range(2):
            rng.uniform(size=3)
        _ = 0.0 * x * rng.normal()
        return x * rng.normal()

    value, gradient = adgen.value_and_grad(after_others)(2.0, np.random.default_rng(0))
    assert value == 2.0 * gradient == after_others(2.0, np.random.default_rng(0))
    assert adgen.jvp(after_others)((2.0, np.random.default_rng(0)), (1.0, None)) == (value, gradient)
