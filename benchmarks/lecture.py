"""`python -m benchmarks.lecture`: the lecture examples beside PyTorch and JAX, written to LECTURE.md.

For each function that [tool.adgen] lists for the lecture examples: lines of forward code and of the generated
derivative, the largest difference from JAX's or PyTorch's gradient, and the time of a gradient over the time of the
function, interpreted and compiled.  Arguments are those of the tests.  All candidates run in turn; minima count.
Words after the command choose functions whose names begin with them, and are printed only.
"""

import datetime as dt
import importlib
import inspect
import itertools
import os
import sys
import warnings
from pathlib import Path
from time import perf_counter

import numpy as np

import adgen
from benchmarks.timing import jitted, shown
from examples.command import OUTPUT
from tests.lecture.cases import arguments, entries
from tests.lecture.test_gradients import positions, pulled_back, weights_of
from tests.oracles import Jax, Torch, flat_gradients, leaves, rebound, same_structure

ROUNDS = 31
SLICE = 0.0005
PAGE = Path(__file__).with_name("LECTURE.md")
GENERATED = OUTPUT.parents[1] / "generated"


def lines_of(text):
    return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))


def forward_lines(function, seen):
    """Of a function and of those of the examples that it calls, without docstrings."""
    if function in seen:
        return 0
    seen.add(function)
    count = lines_of(inspect.getsource(function)) - len((function.__doc__ or "").strip().splitlines())
    for name in function.__code__.co_names:
        callee = function.__globals__.get(name)
        if inspect.isfunction(callee) and callee.__module__.startswith("examples"):
            count += forward_lines(callee, seen)
    return count


def minima(calls):
    repeats = {}
    for name, call in calls.items():
        call()
        start = perf_counter()
        call()
        repeats[name] = max(1, int(SLICE / max(perf_counter() - start, 1e-9)))
    seconds = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            start = perf_counter()
            for _ in itertools.repeat(None, repeats[name]):
                call()
            seconds[name].append((perf_counter() - start) / repeats[name])
    return {name: min(values) for name, values in seconds.items()}


def witnesses():
    found = []
    for kind in (Jax, Torch):
        try:
            found.append(kind())
        except ImportError:
            print(f"{kind.package} is not installed")
    return found


def agreement(entry, args, weights, others):
    """The largest relative difference from each witness that can follow."""
    ours, said = leaves(pulled_back(entry, args, weights)), []
    for other in others:
        theirs = flat_gradients(other, entry.function, args, positions(entry), weights)
        if theirs is not None:
            gaps = [np.max(abs(a - b) / (1.0 + abs(b)), initial=0.0) for a, b in zip(ours, theirs, strict=True)]
            said.append(f"{max(gaps):.0e} ({other.package})")
    return ", ".join(said) or "-"


def compiled_by_jax(other, function, args, where, weights):
    """JAX's gradient after jit, of the function on its NumPy."""
    jax, copy = other.jax, rebound(function, other.numpy)
    flat = leaves(args)
    owners = [i for i, arg in enumerate(args) for _ in leaves(arg)]
    chosen = [k for k, owner in enumerate(owners) if owner in where]
    weights = leaves(weights)

    def total(*active):
        values = list(flat)
        for k, value in zip(chosen, active, strict=True):
            values[k] = value
        return sum((w * r).sum() for w, r in zip(weights, leaves(copy(*same_structure(args, values))), strict=True))

    gradient = jax.jit(jax.grad(total, tuple(range(len(chosen)))))
    given = [other.numpy.asarray(flat[k]) for k in chosen]
    return lambda: jax.block_until_ready(gradient(*given))


def in_module(text, name):
    """A function of a module that is not on file, where Numba can't keep what it compiled."""
    space = {}
    exec(text.replace("cache=True, ", ""), space)
    return space[name]


def row(name, entry, others):
    args = arguments(name)
    weights = weights_of(entry.function(*args))
    where = positions(entry)
    calls = {"primal": lambda: entry.function(*args)}
    if "vjp" in entry.products:
        module = importlib.import_module(f"generated.{inspect.getmodule(entry.function).__name__.rpartition('.')[2]}")
        written = getattr(module, f"{entry.name}_vjp")
        calls["gradient"] = lambda: written(*args, weights)
        quick = in_module(adgen.source(adgen.vjp(entry.function, jit=True), *args), written.__name__)
        compiled = lambda: quick(*args, weights)  # noqa: E731
    else:
        gradient = adgen.grad(entry.function, where)
        calls["gradient"] = lambda: gradient(*args)
        quick = adgen.grad(entry.function, where, jit=True)
        compiled = lambda: quick(*args)  # noqa: E731
    primal = jitted(entry.function, error_model="numpy")
    for said, call in (("compiled gradient", compiled), ("compiled primal", lambda: primal(*args))):
        try:
            call()
            calls[said] = call
        except Exception as error:  # noqa: BLE001 -- Numba compiles less than adgen does with it
            print(f"{name}, {said}: {type(error).__name__}")
    for other in others:
        if other.package == "jax":
            try:
                call = compiled_by_jax(other, entry.function, args, where, weights)
                call()
                calls["jax"] = call
            except Exception:  # noqa: BLE001 -- a witness fails in its own ways
                continue
        elif flat_gradients(other, entry.function, args, where, weights) is not None:
            calls["torch"] = lambda other=other: flat_gradients(other, entry.function, args, where, weights)
    times = minima(calls)
    written = (GENERATED / f"{inspect.getmodule(entry.function).__name__.rpartition('.')[2]}.py").read_text("utf-8")
    start = written.index(f"def {entry.name}_{entry.products[-1]}(")
    text = written[start:].partition("\n\n\n")[0]

    def ratio(a, b):
        return f"{times[a] / times[b]:.1f}" if a in times and b in times else "-"

    return [
        name,
        str(forward_lines(entry.function, set())),
        str(lines_of(text)),
        agreement(entry, args, weights, others),
        shown(times["primal"]),
        ratio("gradient", "primal"),
        ratio("compiled gradient", "compiled primal"),
        ratio("jax", "gradient"),
        ratio("jax", "compiled gradient"),
        ratio("torch", "gradient"),
    ]


HEAD = [
    "example", "forward lines", "generated lines", "agreement", "primal (NumPy)", "gradient / primal, NumPy",
    "the same, Numba", "JAX (jit) / adgen NumPy", "JAX (jit) / adgen Numba", "PyTorch (eager) / adgen NumPy",
]  # fmt: skip


def main():
    warnings.simplefilter("ignore")
    load = os.getloadavg()[0]
    others = witnesses()
    rows = []
    chosen = tuple(sys.argv[1:])
    for name, (entry, _) in entries().items():
        if chosen and not name.startswith(chosen):
            continue
        rows.append(row(name, entry, others))
        print(" | ".join(rows[-1]), flush=True)
    if chosen:
        return
    said = (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, NumPy {np.__version__}; load of the machine when it began: "
        f"{load:.1f} on {os.cpu_count()} cores (others were running: the candidates take turns in {ROUNDS} rounds, and "
        "the least time of each counts, so that ratios hold).  Arguments are the small ones of the tests, so times are "
        "mostly those of calls.  A PyTorch gradient is NumPy code on torch._numpy, with its conversions.  Times of "
        "results that are arrays are of the function in generated/, and of the same for Numba.  A dash: Numba does not "
        "compile the function as it stands, or the other tool cannot follow it."
    )
    table = ["| " + " | ".join(line) + " |" for line in [HEAD, ["---"] * len(HEAD), *rows]]
    PAGE.write_text("\n".join(["# The lecture examples beside other tools", "", said, "", *table, ""]), "utf-8")


if __name__ == "__main__":
    main()
