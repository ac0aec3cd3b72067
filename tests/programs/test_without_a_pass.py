"""Values and derivatives of the corpus are the same when a pass of `adgen.optimize` is left out."""

import functools
import warnings

import numpy as np
import pytest

import adgen
from adgen import pipeline
from adgen.optimize import INTERPRETED
from adgen.testing.trees import copied, random_direction, smooth_leaves
from tests.programs import Program, all_programs

# Passes regroup sums, so that results differ by rounding, relative to the largest term.
TOLERANCE = 1e-10
SINGLE = 1e-5
# One program in so many is compared in every run, others for each pass.
SHARE = 180

ACCEPTED = [p for p in all_programs() if not p.refused]


def derivatives(program: Program) -> list[np.ndarray]:
    """The value, the tangent and the cotangents in a random direction."""
    (args,) = program.inputs[:1]
    rng = np.random.default_rng(5)
    fixed = [program.argnums is not None and k not in program.argnums for k in range(len(args))]
    v = tuple(None if held else random_direction(arg, rng) for held, arg in zip(fixed, args, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value, dot = adgen.jvp(program.function)(copied(args), v)
        again, pullback = adgen.vjp(program.function)(*copied(args))
        w = random_direction(value, rng)
        bars = () if w is None else pullback(w)
    return [part for tree in (value, again, dot, bars) for part in smooth_leaves(tree)]


@functools.cache
def with_all_passes(position: int) -> list[np.ndarray]:
    return derivatives(ACCEPTED[position])


def expect_same_without(left_out: int, monkeypatch, positions: range) -> None:
    expected = [with_all_passes(position) for position in positions]
    kept = tuple(transform for k, transform in enumerate(INTERPRETED) if k != left_out)
    monkeypatch.setattr(pipeline, "INTERPRETED", kept)
    for position, old in zip(positions, expected, strict=True):
        new = derivatives(ACCEPTED[position])
        assert len(new) == len(old)
        for one, other in zip(new, old, strict=True):
            scale = max(1.0, np.max(np.abs(other[np.isfinite(other)]), initial=0.0))
            tolerance = SINGLE if other.dtype in (np.float32, np.complex64) else TOLERANCE
            name = ACCEPTED[position].name
            np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * scale, err_msg=name)


IDS = [transform.__name__ for transform in INTERPRETED]


@pytest.mark.parametrize("left_out", range(len(INTERPRETED)), ids=IDS)
def test_results_are_the_same_without_a_pass(monkeypatch, left_out: int) -> None:
    expect_same_without(left_out, monkeypatch, range(left_out, len(ACCEPTED), SHARE))


@pytest.mark.slow
@pytest.mark.parametrize("left_out", range(len(INTERPRETED)), ids=IDS)
def test_results_of_the_whole_corpus_are_the_same_without_a_pass(monkeypatch, left_out: int) -> None:
    expect_same_without(left_out, monkeypatch, range(len(ACCEPTED)))
