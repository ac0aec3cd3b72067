"""The verdict on one function: its derivatives in both modes against references that can be trusted."""

from __future__ import annotations

import math
import time
import traceback
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from adgen.errors import AdgenError, InternalError
from adgen.survey.directions import SIDE_STEP, moved, only, whole_direction
from adgen.survey.doubts import drops_exceptions, reason_in_rounding, reason_to_doubt
from adgen.survey.processes import OutOfTime, time_limit
from adgen.survey.samples import Sample
from adgen.testing.checks import inner_product
from adgen.testing.references import complex_step, richardson_with_errors
from adgen.testing.trees import copied, is_smooth, leaves, map_leaves, random_direction, smooth_leaves

# A reference is trusted if its error is estimated below these shares of the derivative and of the value ...
TRUSTED = 1e-5
TRUSTED_OF_VALUE = 1e-8
# ... and a derivative agrees with it to these, beyond the error estimated.
AGREES = 1e-6
AGREES_OF_VALUE = 1e-9
DOT_TOLERANCE = 1e-8
KINK = 1e-3  # by which one-sided slopes differ at a kink, relative
NEGLIGIBLE = 1e-100
OTHER_STEP = 3.1e-3  # of the second reference, which must agree with the first
MOST_DIRECTIONS = 6
SLOW_CALL = 0.3  # seconds; slower functions get one direction only
SAMPLES_JUDGED = 2
NO_REFERENCE_TRIED = 4

FAULTS = ("wrong", "internal error")
ORDER = ("wrong", "internal error", "timeout", "refused", "passed")


@dataclass
class Verdict:
    """What came out for one function.

    `state` is "passed", "refused", "wrong", "internal error", "no reference" (not smooth at the samples, noisy, or
    differences not accurate), "not differentiable" (no floats result, or they do not move), "no sample",
    "timeout" or "died".
    """

    name: str
    kind: str
    state: str
    reason: str = ""
    detail: str = ""
    source: str = ""
    sample: str = ""
    seconds: float = math.nan
    lines: int = 0

    def as_dict(self) -> dict[str, Any]:
        found = asdict(self)
        if math.isnan(self.seconds):
            found["seconds"] = None
        return found


def judge(name: str, kind: str, samples: Iterable[Sample], seconds: float) -> Verdict:
    """The worst verdict on the first samples at which there is a reference; `seconds` are adgen's for each."""
    found: list[Verdict] = []
    rest: Verdict | None = None
    doubtful = 0
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for sample in samples:
            verdict = judge_sample(name, kind, sample, seconds)
            if verdict.state in ORDER:
                # What the package shows counts; a guess beside it can only bring faults to light.
                if found and sample.source != found[0].source and verdict.state not in FAULTS:
                    break
                found.append(verdict)
                if len(found) == SAMPLES_JUDGED or verdict.state != "passed":
                    break
                continue
            rest = verdict if rest is None or rest.state == "not differentiable" else rest
            doubtful += 1
            if doubtful == NO_REFERENCE_TRIED:
                break
    if found:
        return min(found, key=lambda v: ORDER.index(v.state))
    return rest or Verdict(name, kind, "no sample", "no arguments were found that it takes")


def judge_sample(name: str, kind: str, sample: Sample, seconds: float) -> Verdict:
    verdict = Verdict(name, kind, "", source=sample.source, sample=shown(sample.args))
    if not is_numeric(sample.value):
        return replace(verdict, state="not differentiable", reason=f"returns {type(sample.value).__name__}")
    if not any(is_smooth(leaf) for _, leaf in leaves(sample.value)):
        return replace(verdict, state="not differentiable", reason="returns no float")
    if not all(np.all(np.isfinite(a)) for a in smooth_leaves(sample.value)):
        return replace(verdict, state="no reference", reason="the value is not finite")
    try:
        sample, measured = references(sample)
    except (Exception, SystemExit, OutOfTime) as error:  # noqa: BLE001 -- the package's functions may raise anything
        return replace(verdict, state="no reference", reason=f"raises {type(error).__name__} near the sample")
    if isinstance(measured, str):
        return replace(verdict, state="no reference", reason=measured)
    if all(np.all(np.abs(reference) <= NEGLIGIBLE) for _, parts, _ in measured for reference in parts):
        return replace(verdict, state="not differentiable", reason="constant near the sample")
    try:
        with time_limit(seconds, of_processor=True):
            return differentiate(verdict, sample, measured)
    except OutOfTime:
        return replace(verdict, state="timeout", reason="adgen or the derivative takes too long")


# ---- references


Measured = list[tuple[tuple[Any, ...], list[np.ndarray], list[np.ndarray]]]  # directions, derivatives, errors


def references(sample: Sample) -> tuple[Sample, Measured | str]:
    """Derivatives in several directions, or why there are none."""
    f, args = sample.function, sample.args
    start = time.perf_counter()
    again = f(*copied(args))
    slow = time.perf_counter() - start > SLOW_CALL
    if any(not np.array_equal(a, b) for a, b in zip(smooth_leaves(sample.value), smooth_leaves(again), strict=True)):
        return sample, "two calls give two results"
    for k, original in sample.integers.items():
        if not is_smooth_along(f, args, k):
            args = (*args[:k], original, *args[k + 1 :])
    sample = replace(sample, args=args, value=f(*copied(args)))
    smooth = [k for k, a in enumerate(args) if any(is_smooth(leaf) for _, leaf in leaves(a))]
    if not smooth:
        return sample, "no argument is a float"
    directions = [whole_direction(args)]
    if len(smooth) > 1 and not slow:
        directions += [only(args, k) for k in smooth[:MOST_DIRECTIONS]]
    measured: Measured = []
    for direction in directions:
        found = measure(f, args, direction)
        if isinstance(found, str):
            return sample, found
        measured.append((direction, *found))
    return sample, measured


def is_smooth_along(f: Callable[..., Any], args: tuple[Any, ...], k: int) -> bool:
    """Whether an argument that was an int may be a float: counts and choices may not."""
    try:
        return not isinstance(measure(f, args, only(args, k)), str)
    except (Exception, SystemExit):  # noqa: BLE001 -- the package's functions may raise anything
        return False


def along(f: Callable[..., Any], args: tuple[Any, ...], direction: tuple[Any, ...]) -> Callable[[Any], Any]:
    """The function on a line through the sample."""

    return lambda t: smooth_leaves(f(*moved(args, direction, t)))


def measure(
    f: Callable[..., Any], args: tuple[Any, ...], direction: tuple[Any, ...]
) -> tuple[list[np.ndarray], list[np.ndarray]] | str:
    """The derivative along a direction with its error, or why it can't be trusted."""
    g = along(f, args, direction)
    base = g(0.0)
    first, error = richardson_with_errors(g, (0.0,), (1.0,))
    second, other_error = richardson_with_errors(g, (0.0,), (1.0,), OTHER_STEP)
    exact = complex_step(g, (0.0,), (1.0,))
    up, down = g(SIDE_STEP), g(-SIDE_STEP)
    best, bounds = [], []
    for k, value in enumerate(base):
        size = np.abs(value)
        slack = TRUSTED * np.abs(first[k]) + TRUSTED_OF_VALUE * size + NEGLIGIBLE
        if not np.all((error[k] <= slack) & (other_error[k] <= slack)):
            return "differences do not converge"
        if not np.all(np.abs(first[k] - second[k]) <= 2 * slack):
            return "differences with two steps disagree"
        left, right = (value - down[k]) / SIDE_STEP, (up[k] - value) / SIDE_STEP
        if np.any(np.abs(left - right) > KINK * (np.abs(first[k]) + 1e-3 * size) + 1e-8 * size):
            return "a kink at the sample"
        if np.any(np.abs((left + right) / 2 - first[k]) > KINK * (np.abs(first[k]) + 1e-3 * size) + 1e-8 * size):
            return "a jump near the sample"
        sharper = other_error[k] < error[k]
        chosen = np.where(sharper, second[k], first[k])
        bound = np.where(sharper, other_error[k], error[k]) + np.abs(first[k] - second[k])
        if exact is not None:
            # A complex step through a function that is not analytic may be nearly right: that is not close enough.
            close = np.abs(exact[k] - chosen) <= 10 * bound + 1e-13 * size
            chosen, bound = np.where(close, exact[k], chosen), np.where(close, 0.0, bound)
        best.append(chosen)
        bounds.append(bound)
    return best, bounds


# ---- derivatives


def differentiate(verdict: Verdict, sample: Sample, measured: Measured) -> Verdict:
    """Both modes of adgen at a sample, compared with what was measured."""
    import adgen.api as adgen

    f, args, value = sample.function, sample.args, sample.value
    try:
        w = cotangent(value)
        start = time.process_time()
        reverse = adgen.vjp(f)
        given, pullback = reverse(*copied(args))
        bars = pullback(w)
        verdict.seconds = time.process_time() - start
        verdict.lines = reverse.source.count("\n")
        forward = adgen.jvp(f)
        for direction, expected, bounds in measured:
            zeros = tuple(zero_for(a) if d is None else d for a, d in zip(args, direction, strict=True))
            mine, dot = forward(copied(args), zeros)
            fault = compare(value, given, "vjp") or compare(value, mine, "jvp") or compare_shapes(args, bars)
            fault = fault or compare_tangent(value, dot, expected, bounds) or compare_sweeps(w, dot, zeros, bars)
            if fault:
                derived = lambda at, d=zeros: (forward(at, d)[1], reverse(*at)[1](w))  # noqa: E731
                doubt = reason_to_doubt(sample, fault[1]) or reason_in_rounding(sample, derived)
                if doubt:
                    return replace(verdict, state="no reference", reason=doubt, detail=fault[1])
                return replace(verdict, state="wrong", reason=fault[0], detail=fault[1])
    except AdgenError as error:
        if isinstance(error, InternalError):
            return replace(verdict, state="internal error", reason=str(error).split("\n")[0], detail=str(error))
        return replace(verdict, state="refused", reason=f"{error.slug}: {error.what}", detail=str(error))
    except ZeroDivisionError as error:
        reason = f"infinite partial derivative: {error}"
        return replace(verdict, state="refused", reason=reason, detail=traceback.format_exc())
    except (Exception, RecursionError) as error:  # noqa: BLE001 -- whatever is raised here is a fault of adgen
        if drops_exceptions(sample):
            return replace(verdict, state="no reference", reason="compiled code that drops exceptions")
        return replace(verdict, state="internal error", reason=fault_of(error), detail=traceback.format_exc())
    return replace(verdict, state="passed")


def fault_of(error: BaseException) -> str:
    """The exception and the innermost line of adgen that it came through."""
    inside = [
        f for f in traceback.extract_tb(error.__traceback__) if "adgen" in f.filename and "survey" not in f.filename
    ]
    place = f" in {Path(inside[-1].filename).name}, {inside[-1].name}" if inside else ""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}{place}"


def cotangent(value: Any) -> Any:
    """A random cotangent of the value's structure, with contributions of like size."""
    direction = random_direction(value, np.random.default_rng(7))

    def shrink(_: str, leaf: Any, bar: Any) -> Any:
        if bar is None:
            return None
        return bar / max(1e-12, float(np.max(np.abs(leaf), initial=0.0)) or 1.0)

    return map_leaves(shrink, value, direction)


def zero_for(arg: Any) -> Any:
    if not any(is_smooth(leaf) for _, leaf in leaves(arg)):
        return None
    return map_leaves(lambda _, leaf: leaf * 0.0 if is_smooth(leaf) else None, arg)


def compare(expected: Any, found: Any, mode: str) -> tuple[str, str] | None:
    """Whether a derivative's value is that of the function."""
    left, right = smooth_leaves(expected), smooth_leaves(found)
    if len(left) != len(right) or any(a.shape != b.shape for a, b in zip(left, right, strict=True)):
        return f"value of {mode}: structure", f"{shown(expected)} against {shown(found)}"
    for a, b in zip(left, right, strict=True):
        if not np.allclose(a, b, rtol=1e-9, atol=1e-12 * float(np.max(np.abs(a), initial=0.0))):
            return f"value of {mode}", f"{shown(expected)} against {shown(found)}"
    return None


def compare_shapes(args: tuple[Any, ...], bars: Any) -> tuple[str, str] | None:
    """Whether each cotangent has the shape of its argument."""
    for k, (arg, bar) in enumerate(zip(args, bars, strict=True)):
        have, want = [np.shape(b) for _, b in leaves(bar) if b is not None], [a.shape for a in smooth_leaves(arg)]
        if bar is not None and have != want:
            return "shape of cotangent", f"argument {k}: {have} against {want}"
    return None


def compare_tangent(
    value: Any, dot: Any, expected: list[np.ndarray], bounds: list[np.ndarray]
) -> tuple[str, str] | None:
    found: list[np.ndarray] = []
    sizes: list[np.ndarray] = []

    def note(_: str, leaf: Any, tangent: Any) -> None:
        if is_smooth(leaf):
            found.append(np.asarray(0.0 if tangent is None else tangent) + np.zeros(np.shape(leaf)))
            sizes.append(np.abs(np.asarray(leaf)))

    map_leaves(note, value, dot)
    for mine, reference, bound, size in zip(found, expected, bounds, sizes, strict=True):
        slack = AGREES * np.abs(reference) + AGREES_OF_VALUE * size + 10 * bound + NEGLIGIBLE
        if mine.shape != reference.shape:
            return "shape of tangent", f"{mine.shape} against {reference.shape}"
        if not np.all(np.abs(mine - reference) <= slack):
            return "tangent", f"adgen {shown(mine)}, reference {shown(reference)}, error of that {shown(bound)}"
    return None


def compare_sweeps(w: Any, dot: Any, direction: tuple[Any, ...], bars: Any) -> tuple[str, str] | None:
    """The dot-product identity along a direction."""
    left, left_scale = inner_product(w, dot)
    right, right_scale = inner_product(direction, tuple(bars))
    if abs(left - right) <= DOT_TOLERANCE * max(left_scale, right_scale) + 1e-13:
        return None
    return "reverse mode", f"<w, J v> = {left!r}, <J' w, v> = {right!r}, at {shown(direction)}"


# ---- values


def is_numeric(value: Any) -> bool:
    """Numbers, arrays of numbers and containers of those."""
    return value is not None and all(
        isinstance(leaf, bool | int | float | complex | str | np.generic)
        or leaf is None
        or (isinstance(leaf, np.ndarray) and leaf.dtype.kind in "biufc")
        for _, leaf in leaves(value)
    )


def shown(value: Any) -> str:
    with np.printoptions(precision=8, threshold=12):
        text = " ".join(repr(value).split())
    return text if len(text) <= 300 else f"{text[:300]}..."
