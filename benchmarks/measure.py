"""`python -m benchmarks.measure TASK`: one measurement in a process of its own; answers in JSON, a line each.

A task is JSON: {"kind": "race", "problem", "sizes", "tools"} times all tools in turn, size by size;
{"kind": "first", "problem", "size", "tool"} does the first call and measures memory.
"""

import importlib
import json
import os
import re
import sys
import warnings
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.timing import medians
from benchmarks.tools import TOOLS, numbers

SEED = 7
PATIENCE = 1.5  # seconds for all rounds of all tools at one size
LONGEST = 0.5  # seconds: calls that are expected to last longer are left out
TOO_LONG = 3.0  # seconds: a first call of those that compile nothing
COMPILERS = ("hand", "primal", "adgen", "jax")
AGREE = 1e-7  # of the largest derivative


def problem_and_arguments(name, size):
    problem = importlib.import_module(f"benchmarks.problems.{name}")
    return problem, problem.sample(problem.SIZES[size], np.random.default_rng(SEED))


def say(**answer):
    print(json.dumps(answer), flush=True)


def reason(error):
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = re.sub(r"\x1b\[\d+m", "", " ".join(lines[:2])) or "no reason given"
    return f"{type(error).__name__}: {text[:160]}"


# ---- all in turn ----------------------------------------------------------------------------------


def race(name, sizes, tools):
    last, slow = {}, set()  # what each tool is expected to need at the next size, and those that need too long
    for size in sizes:
        problem, arguments = problem_and_arguments(name, size)
        calls = {}
        expected = None
        for tool in tools:
            if expected is not None and tool in last and last[tool] > LONGEST:
                say(tool=tool, size=size, too_long=True)
                slow.add(tool)
                continue
            start = process_time()
            call, error = prepared(tool, problem, arguments, expected)
            if call is None:
                say(tool=tool, size=size, cannot=error)
                continue
            if tool == "hand":
                expected = numbers(call())
            if process_time() - start > TOO_LONG and (tool not in COMPILERS):
                say(tool=tool, size=size, too_long=True)
                slow.add(tool)
                continue
            calls[tool] = call
        times = medians(calls, PATIENCE)
        for tool, (seconds, spread) in times.items():
            say(tool=tool, size=size, seconds=seconds, spread=spread)
        measured = {tool: seconds for tool, (seconds, _) in times.items()}
        last = predicted(problem, sizes, size, measured) | dict.fromkeys(slow, np.inf)


def predicted(problem, sizes, size, last):
    """The times to be expected at the next size: they grow as those of the hand-written adjoint."""
    following = sizes[sizes.index(size) + 1 :]
    if not following:
        return last
    _, arguments = problem_and_arguments(problem.__name__.rpartition(".")[2], following[0])
    call, given = TOOLS["hand"](problem, arguments)
    call(*given)
    start = process_time()
    call(*given)
    growth = (process_time() - start) / last["hand"]
    return {tool: seconds * growth for tool, seconds in last.items()}


def prepared(tool, problem, arguments, expected):
    """A call without arguments, checked against the adjoint by hand; or None and the reason why there is none."""
    try:
        function, given = TOOLS[tool](problem, arguments)
        result = function(*given)
    except Exception as error:  # noqa: BLE001 -- a tool fails in its own ways
        return None, reason(error)
    if expected is not None and not tool.startswith("primal"):
        found = numbers(result)
        worst = np.max(np.abs(found - expected)) / np.max(np.abs(expected)) if found.shape == expected.shape else np.inf
        if not worst <= AGREE:
            return None, f"WRONG: differs by {worst:.1e} of the largest derivative"
    return lambda: function(*given), None


# ---- the first call, and memory -------------------------------------------------------------------


def peak():
    """Megabytes at the highest so far, and now."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return tuple(int(re.search(rf"{name}:\s+(\d+)", text)[1]) / 1024 for name in ("VmHWM", "VmRSS"))


def first(name, size, tool):
    problem, arguments = problem_and_arguments(name, size)
    importlib.import_module({"jax": "jax.numpy", "adgen": "numba", "hand": "numba"}.get(tool, tool.partition(" ")[0]))
    _, before = peak()
    start = process_time()
    try:
        function, given = TOOLS[tool](problem, arguments)
        function(*given)
    except Exception as error:  # noqa: BLE001
        say(tool=tool, size=size, cannot=reason(error))
        return
    seconds = process_time() - start
    highest, resting = peak()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the high-water mark begins anew
    function(*given)
    again, _ = peak()
    say(tool=tool, size=size, first=seconds, memory=highest - before, memory_again=max(0.0, again - resting))


def main(task):
    warnings.simplefilter("ignore")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    kind = task.pop("kind")
    task["name"] = task.pop("problem")
    (race if kind == "race" else first)(**task)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
