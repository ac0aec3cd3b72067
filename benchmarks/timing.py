"""Time of calls as CPU time of the process, on one core, all candidates in turn.

A machine that is busy with other things interrupts a process, and the clock on the wall counts that. CPU time does
not. It counts the threads that a library starts of its own, too, so that nobody gains by them.
"""

import itertools
import statistics
import types
from time import perf_counter, process_time

import numba

from adgen.options import FASTMATH

SLICE = 0.0005  # seconds that one measurement lasts at least
LEAST, MOST = 7, 101  # rounds
LONG, FEW = 0.2, 2  # seconds of a call that is measured in fewer rounds, and how many after the first
SAME = {"error_model": "numpy", "fastmath": set(FASTMATH)}  # the flags of adgen's own code


def jitted(function, **flags):
    """A function under Numba, with the functions of its module that it calls."""
    known = {}

    def compiled(one):
        if one not in known:
            space = dict(one.__globals__)
            copy = types.FunctionType(one.__code__, space, one.__name__, one.__defaults__)
            known[one] = numba.njit(copy, **flags)
            for name in one.__code__.co_names:
                if isinstance(space.get(name), types.FunctionType):
                    space[name] = compiled(space[name])
        return known[one]

    return compiled(function)


def shown(seconds):
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1.0 or unit == "us":
            return f"{seconds * factor:.3g} {unit}"
    return ""


def medians(calls, patience):
    """Seconds of CPU a call of each, and the distance of its quartiles; `patience` is the time for all rounds.

    They are measured in turn, so that a slow moment of the machine meets all of them.
    """
    repeats, seconds = {}, {}
    for name, call in calls.items():
        start = process_time()
        call()
        once = process_time() - start
        repeats[name] = max(1, int(SLICE / max(once, 1e-6)))
        seconds[name] = [once] if once > LONG else []
    began = perf_counter()
    for done in range(MOST):
        if done >= LEAST and perf_counter() - began > patience:
            break
        for name, call in calls.items():
            if done >= FEW and seconds[name][0] > LONG:
                continue
            times = itertools.repeat(None, repeats[name])
            start = process_time()
            for _ in times:
                call()
            seconds[name].append((process_time() - start) / repeats[name])
    quartiles = {name: statistics.quantiles(values, n=4) for name, values in seconds.items()}
    return {name: (middle, (high - low) / middle) for name, (low, middle, high) in quartiles.items()}
