"""`python -m benchmarks`: gradients against primals and adjoints written by hand, in under a minute."""

import datetime as dt
import itertools
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import types
import warnings
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import numba
import numpy as np

import adgen
from adgen.options import FASTMATH
from benchmarks.by_hand import energy_by_hand, loss_by_hand, swing_by_hand
from examples import energy, heat, model, predator_prey, swing

ROUNDS = 101
SLICE = 0.0005  # seconds that one measurement lasts at least: many short ones are seldom interrupted
RNG = np.random.default_rng(7)
RESULTS = Path(__file__).with_name("RESULTS.md")
SAME = {"error_model": "numpy", "fastmath": set(FASTMATH)}  # the flags of adgen's own code


@dataclass
class Case:
    """A function, what to differentiate, arguments, and an adjoint written by hand if there is one.

    Interpreted loops get fewer iterations: a call that lasts milliseconds is interrupted on a busy machine.
    """

    name: str
    function: Any
    argnums: Any
    size: str
    arguments: tuple[Any, ...]
    small_size: str
    small: tuple[Any, ...]
    by_hand: Any = None


def cases():
    matrices = tuple(RNG.standard_normal(shape) for shape in ((20, 10), (1000, 20), (1000, 10)))
    u0, measured, steps, rate = heat.sample(n=1001, steps=200)
    _, hares, lynxes = predator_prey.load()
    theta, per_year = predator_prey.guess(hares, lynxes), predator_prey.STEPS_PER_YEAR
    shapes = "x 1000 x 20, w 20 x 10"
    many = RNG.standard_normal(10000)
    # fmt: off
    return [
        Case("model:loss", model.loss, "w", shapes, matrices, shapes, matrices, loss_by_hand),
        Case(
            "swing:swing", swing.swing, ("x0", "k"), "n = 10000", (1.2, 3.0, 10000), "n = 500", (1.2, 3.0, 500),
            swing_by_hand,
        ),
        Case(
            "energy:energy", energy.energy, "x", "x.size = 10000", (many,), "x.size = 200", (many[:200],),
            energy_by_hand,
        ),
        Case(
            "heat:misfit", heat.misfit, "u0",
            "1001 points, 200 steps", (0.9 * u0, measured, steps, rate),
            "1001 points, 20 steps", (0.9 * u0, measured, 20, rate),
        ),
        Case(
            "predator_prey:misfit", predator_prey.misfit, "theta",
            f"{hares.size} years of {per_year} steps", (theta, hares, lynxes, per_year),
            f"4 years of {per_year} steps", (theta, hares[:4], lynxes[:4], per_year),
        ),
    ]
    # fmt: on


def jitted(function, **flags):
    """A function under Numba, with the functions of its module that it calls."""
    space = dict(function.__globals__)
    for name in function.__code__.co_names:
        callee = space.get(name)
        if isinstance(callee, types.FunctionType):
            space[name] = jitted(callee, **flags)
    copy = types.FunctionType(function.__code__, space, function.__name__, function.__defaults__)
    return numba.njit(copy, **flags)


def agree(expected, found, what):
    expected, found = (value if isinstance(value, tuple) else (value,) for value in (expected, found))
    for left, right in zip(expected, found, strict=True):
        if not np.allclose(left, right, rtol=1e-8, atol=1e-10):
            raise SystemExit(f"{what} is wrong: nothing was measured")


def medians(calls, arguments):
    """Seconds a call of each, and the widest distance of quartiles.

    They are measured in turn, so that a slow moment of the machine meets all of them.
    """
    repeats = {}
    for name, call in calls.items():
        call(*arguments)
        start = perf_counter()
        call(*arguments)
        repeats[name] = max(1, int(SLICE / max(perf_counter() - start, 1e-9)))
    seconds = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            times = itertools.repeat(None, repeats[name])
            start = perf_counter()
            for _ in times:
                call(*arguments)
            seconds[name].append((perf_counter() - start) / repeats[name])
    middle = {name: statistics.median(values) for name, values in seconds.items()}
    quartiles = {name: statistics.quantiles(values, n=4) for name, values in seconds.items()}
    return middle, max((high - low) / middle[name] for name, (low, _, high) in quartiles.items())


def interpreted_row(case):
    gradient = adgen.grad(case.function, case.argnums)
    times, spread = medians({"primal": case.function, "gradient": gradient}, case.small)
    ratio = times["gradient"] / times["primal"]
    return [case.name, case.small_size, *map(shown, times.values()), f"{ratio:.2f}", f"{spread:.0%}"]


def compiled_row(case):
    calls = {
        "primal": jitted(case.function, error_model="numpy"),
        "same flags": jitted(case.function, **SAME),
        "gradient": adgen.grad(case.function, case.argnums, jit=True),
    }
    expected = adgen.grad(case.function, case.argnums)(*case.arguments)
    agree(expected, calls["gradient"](*case.arguments), f"{case.name}, compiled")
    for name in ("primal", "same flags"):
        agree(case.function(*case.arguments), calls[name](*case.arguments), f"{case.name}, {name}")
    if case.by_hand is not None:
        calls["by hand"] = numba.njit(case.by_hand, **SAME)
        agree(expected, calls["by hand"](*case.arguments), f"{case.name}, by hand")
    times, spread = medians(calls, case.arguments)
    gradient, hand = times["gradient"], times.get("by hand")
    return [
        case.name,
        case.size,
        shown(times["primal"]),
        shown(gradient),
        f"{gradient / times['primal']:.2f}",
        f"{gradient / times['same flags']:.2f}",
        shown(hand) if hand else "-",
        f"{gradient / hand:.2f}" if hand else "-",
        f"{spread:.0%}",
    ]


def first_times(case):
    """Seconds from the decorator on: the text alone and the first gradient (medians of 11), and with Numba (once)."""
    text, first = [], []
    for _ in range(11):
        start = perf_counter()
        derivative = adgen.grad(case.function, case.argnums)
        derivative.generate(derivative.bind(case.small, {}))
        text.append(perf_counter() - start)
        start = perf_counter()
        adgen.grad(case.function, case.argnums)(*case.small)
        first.append(perf_counter() - start)
    start = perf_counter()
    adgen.grad(case.function, case.argnums, jit=True)(*case.small)
    return statistics.median(text), statistics.median(first), perf_counter() - start


# ---- tables


def shown(seconds):
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1.0 or unit == "us":
            return f"{seconds * factor:.3g} {unit}"
    return ""


HEADS = {
    "Interpreted (NumPy)": ["example", "size", "primal", "gradient", "gradient / primal", "spread"],
    "Compiled (Numba)": [
        "example",
        "size",
        "primal",
        "gradient",
        "gradient / primal",
        "the same, equal flags",
        "by hand",
        "gradient / by hand",
        "spread",
    ],
    "From the decorator to the first gradient": ["example", "text alone", "first gradient", "with Numba"],
}


def markdown(title, rows):
    lines = [HEADS[title], ["---"] * len(HEADS[title]), *rows]
    return "\n".join([f"## {title}", "", *("| " + " | ".join(line) + " |" for line in lines)])


def printed(title, rows):
    if not sys.stdout.isatty():
        print(markdown(title, rows), end="\n\n")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*HEADS[title], title=title)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def commit():
    """What was measured: a commit, marked if adgen/, examples/ or benchmarks/*.py were changed since."""
    here = Path(__file__).parent

    def git(*words):
        return subprocess.run(["git", *words], cwd=here.parent, capture_output=True, text=True, check=False).stdout

    changed = git("status", "--porcelain", "--", "adgen", "examples", "benchmarks/*.py").strip()
    return (git("rev-parse", "--short", "HEAD").strip() or "unknown") + (" and changes" if changed else "")


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def machine(load):
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "llvmlite", "scipy"))
    busy = "unknown" if load is None else f"{load:.1f}"
    return "\n".join(
        [
            f"- {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, adgen {adgen.__version__}, commit {commit()}",
            f"- {processor()}, {os.cpu_count()} logical cores, {platform.system()} {platform.machine()}",
            f"- load of the machine when it began: {busy} (others running make all numbers less certain)",
            f"- Python {platform.python_version()}, {packages}; one thread, float64",
        ]
    )


def main():
    warnings.simplefilter("ignore", numba.core.errors.NumbaPerformanceWarning)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    start = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ADGEN_CACHE_DIR"] = folder
        adgen.grad(lambda x: x * x)(1.0)
        cold = perf_counter() - start
        numba.njit(lambda x: x + 1.0)(1.0)  # Numba's own first compilation is not adgen's
        every = cases()
        tables = {
            "Interpreted (NumPy)": list(map(interpreted_row, every)),
            "Compiled (Numba)": list(map(compiled_row, every)),
            "From the decorator to the first gradient": [[c.name, *map(shown, first_times(c))] for c in every],
        }
    for title, rows in tables.items():
        printed(title, rows)
    note = (
        f"The very first derivative of a process, of `x * x`, took {shown(cold)}: it loads the rules.  "
        f"All measurements took {perf_counter() - start:.0f} s."
    )
    print(note)
    parts = ["# Results", machine(load), *itertools.starmap(markdown, tables.items()), note]
    RESULTS.write_text("\n\n".join([*parts, "What the columns mean is said in [README.md](README.md).\n"]), "utf-8")


if __name__ == "__main__":
    main()
