"""`python -m benchmarks.compile_time [NAMES]`: how long it takes to the first gradient, written to COMPILE.md.

For each problem of the benchmarks, and each function that the lecture examples differentiate: the time to generate the
derivative, the time that Numba takes for the function and for its derivative, and the whole of a second process, from
the start of Python to the first derivative, with what the first one left on disk.  Each is measured in a process of
its own, with a cache folder of its own, as CPU time.  Names choose what is measured again; the rest is kept.
"""

import datetime as dt
import importlib
import inspect
import json
import os
import pickle
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.report import mean, number, table
from benchmarks.timing import SAME, jitted

HERE = Path(__file__).parent
PAGE, FIGURES = HERE / "COMPILE.md", HERE / "compile.json"
PROBLEMS = [path.stem for path in sorted((HERE / "problems").glob("[a-z]*.py"))]
LONGEST = 600  # seconds of one process
GENERATION, RATIO, MORE, START = 0.050, 3.0, 0.5, 0.6  # what issue 6 asks for

# The second process: what a user's script does.  It imports nothing else, and its time counts from its start.
SECOND = """
import pickle, sys, importlib
from time import process_time
import adgen
with open(sys.argv[1], "rb") as file:
    module, name, product, argnums, arguments = pickle.load(file)
found = importlib.import_module(module)
if product == "derivative":
    found.derivative(jit=True)(*arguments)
elif product == "vjp":
    adgen.vjp(getattr(found, name), jit=True)(*arguments[0])[1](arguments[1])
else:
    adgen.grad(getattr(found, name), argnums, jit=True)(*arguments)
print(process_time())
"""


def case(name):
    """The module of a function, its name, the product, with respect to what, and the arguments."""
    if name in PROBLEMS:
        problem = importlib.import_module(f"benchmarks.problems.{name}")
        product = "derivative" if hasattr(problem, "derivative") else "grad"
        arguments = problem.sample(problem.SIZES["small"], np.random.default_rng(7))
        return problem.__name__, "objective", product, problem.ARGNUMS, arguments
    from tests.lecture.cases import arguments, entries
    from tests.lecture.test_gradients import positions, weights_of

    entry, _ = entries()[name]
    given = arguments(name)
    product = "vjp" if "vjp" in entry.products else "grad"
    if product == "vjp":
        given = (given, weights_of(entry.function(*given)))
    return entry.function.__module__, entry.function.__qualname__, product, positions(entry), given


def names_of_examples():
    from tests.lecture.cases import entries

    return list(entries())


# ---- in processes of their own --------------------------------------------------------------------


def warmed():
    """Numba and the compiler have started, and know the commonest types."""
    import adgen

    adgen.grad(lambda x, y: np.sum(x * y), jit=True)(np.ones(3), np.ones(3))


def lines_of(function):
    """Lines of code of a function and of those of its module that it calls."""
    found, todo = set(), [function]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            known = one.__globals__
            todo += [known[n] for n in one.__code__.co_names if inspect.isfunction(known.get(n)) and n[0] != "_"]
    own = [f for f in found if f.__module__ == function.__module__]
    return sum(len([line for line in inspect.getsource(f).splitlines() if line.strip()]) for f in own)


def measure_gradient(name, file):
    import adgen
    from adgen.derivatives import Derivative

    module, function, product, argnums, given = case(name)
    found = importlib.import_module(module)
    Path(file).write_bytes(pickle.dumps((module, function, product, argnums, given)))
    warmed()
    made = []
    plain = Derivative.generate

    def timed(self, arguments):
        start = process_time()
        result = plain(self, arguments)
        made.append((process_time() - start, self, dict(arguments)))
        return result

    Derivative.generate = timed
    start = process_time()
    if product == "derivative":
        found.derivative(jit=True)(*given)
    elif product == "vjp":
        adgen.vjp(getattr(found, function), jit=True)(*given[0])[1](given[1])
    else:
        adgen.grad(getattr(found, function), argnums, jit=True)(*given)
    whole = process_time() - start
    first = list(made)
    for _ in range(3):
        for _, derivative, arguments in first:
            timed(derivative, arguments)
    again = sum(min(t for t, d, _ in made if d is derivative) for _, derivative, _ in first)
    lines = lines_of(getattr(found, function))
    return {"generate": again, "compile": whole - sum(t for t, _, _ in first), "lines": lines}


def measure_primal(name):
    module, function, product, _, given = case(name)
    warmed()
    start = process_time()
    jitted(getattr(importlib.import_module(module), function), **SAME)(*(given[0] if product == "vjp" else given))
    return {"primal": process_time() - start}


def answer_of(*words, folder):
    """What a process says last, as JSON; None if it failed."""
    environment = os.environ | {"ADGEN_CACHE_DIR": folder, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment = {key: value for key, value in environment.items() if key != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=HERE.parent, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False,
    )  # fmt: skip
    if done.returncode:
        print(f"{words[-2:]}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def measured(name):
    """All figures of one function."""
    entry = {"when": f"{dt.datetime.now(dt.UTC):%F %R}", "load": round(os.getloadavg()[0], 1)}
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "case.pickle")
        own = "-m", "benchmarks.compile_time"
        entry |= answer_of(*own, "--gradient", name, file, folder=folder) or {}
        if "compile" in entry:
            second = [answer_of("-c", SECOND, file, folder=folder) for _ in range(3)]
            entry["second"] = min((s for s in second if s is not None), default=None)
        with tempfile.TemporaryDirectory() as other:
            entry |= answer_of(*own, "--primal", name, folder=other) or {}
    return entry


# ---- the page -------------------------------------------------------------------------------------

INTRO = """\
Written by `python -m benchmarks.compile_time`: CPU seconds, each function in processes of its own, small arguments.

- *generate*: from the function to the text of its derivative for Numba, in a process that has generated others before.
  *ms a line* counts the lines of the function and of those of its module that it calls.
- *function*, *derivative*: what Numba takes to compile them, after it has compiled something small; a dash: Numba does
  not compile the function as it stands.
- *second process*: all of a process, from the start of Python, that imports adgen and calls the derivative once, when
  the first process has left its caches on disk (the least of three).
"""


def seconds(value):
    return "-" if value is None else f"{value:.2f}"


def within(entry):
    """Whether the derivative compiles in three times the time of the function and half a second."""
    return entry["compile"] <= RATIO * entry["primal"] + MORE


def rows_of(data, names):
    rows = []
    for name in names:
        entry = data[name]
        generate, primal, own = (entry.get(key) for key in ("generate", "primal", "compile"))
        rows.append([
            name,
            str(entry.get("lines", "-")),
            "-" if generate is None else f"{1e3 * generate:.0f} ms",
            "-" if generate is None else f"{1e3 * generate / entry['lines']:.1f}",
            seconds(primal), seconds(own),
            number(own / primal) if own and primal else "-",
            "-" if not own or not primal else "yes" if within(entry) else "no",
            seconds(entry.get("second")),
        ])  # fmt: skip
    return rows


def summary(data):
    entries = [e for e in data.values() if e.get("compile")]
    pairs = [e for e in entries if e.get("primal")]
    second = [e["second"] for e in entries if e.get("second")]
    lines = sum(e["lines"] for e in entries)
    per = 1e3 * sum(e["generate"] for e in entries) / max(lines, 1)
    return f"""\
- {len(entries)} derivatives; generated in {per:.1f} ms a line of the functions (goal: 50 ms for 100 lines)
- compiled within 3 times the function's time and 0.5 s: {sum(map(within, pairs))} of {len(pairs)}; geometric mean of
  the ratio {number(mean(e["compile"] / e["primal"] for e in pairs))}
- second process at most {START} s: {sum(s <= START for s in second)} of {len(second)}; median
  {np.median(second):.2f} s, longest {max(second):.2f} s"""


def write(data):
    head = ["", "lines", "generate", "ms a line", "function", "derivative", "ratio", "3 x + 0.5 s", "second process"]
    problems, examples = ([n for n in sorted(data) if (n in PROBLEMS) is own] for own in (True, False))
    span = f"Measured {min(e['when'] for e in data.values())} to {max(e['when'] for e in data.values())} UTC, "
    span += f"load of the machine {min(e['load'] for e in data.values())} to {max(e['load'] for e in data.values())}."
    parts = ["# Time to the first gradient", INTRO.strip(), span, summary(data)]
    for title, names in (("## Problems", problems), ("## Examples", examples)):
        if names:
            parts += [title, table(head, rows_of(data, names))]
    PAGE.write_text("\n\n".join(parts) + "\n", "utf-8")


def main(words):
    warnings.simplefilter("ignore")
    if words[:1] == ["--gradient"]:
        print(json.dumps(measure_gradient(*words[1:])))
        return
    if words[:1] == ["--primal"]:
        print(json.dumps(measure_primal(words[1])))
        return
    data = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    for name in words or [*PROBLEMS, *names_of_examples()]:
        data[name] = measured(name)
        print(name, data[name], flush=True)
        FIGURES.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", "utf-8")
        write(data)


if __name__ == "__main__":
    main(sys.argv[1:])
