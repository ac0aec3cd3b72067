"""`adgen survey` of a small package that passes, refuses, prints, crashes, hangs, and lies about its derivative."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

PACKAGE = '''
"""A package."""
import os, random
import numpy as np
from adgen.rules.registry import registry

def speed(distance, duration):
    """
    >>> speed(100, 9.58)
    10.438413361169102
    """
    print("speed", distance, duration)
    return distance / duration

def norm(vector):
    """
    >>> norm([3.0, 4.0])
    5.0
    """
    return np.sqrt(vector[0] ** 2 + vector[1] ** 2)

def power(x, exponent=2):
    """
    >>> power(3.0, 2)
    9.0
    """
    if exponent not in (1, 2, 3):
        raise ValueError(exponent)
    return x ** exponent

def evaluated(x):
    return eval("x * x")

def count(x):
    return int(x)

def steps(x):
    return 1.0 if x > 0 else 2.0

def noisy(x):
    return x * random.random()

def jagged(x):
    return abs(x * 1e12 % 1.0 - 0.5)

def reads(x):
    return x * float(open("/no/such/file").read())

def crashes(x):
    os.abort()

def hangs(x):
    while True:
        pass

def _triple(x):
    return 3.0 * x

for head, row in registry().lookup(np.sin):
    registry().add(_triple, head, row)

def lies(x):
    return _triple(x)

class Spring:
    """
    >>> Spring(2.5).energy(0.3)
    0.1125
    """
    def __init__(self, stiffness):
        self.stiffness = stiffness

    def energy(self, x):
        return 0.5 * self.stiffness * x * x

def _hidden(x):
    return x
'''


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("survey")
    (folder / "sprung.py").write_text(PACKAGE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "adgen", "survey", "sprung", "--json", str(folder), "--timeout", "5"],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"},
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=400,
    )
    assert (folder / "sprung.json").is_file(), done.stderr
    functions = json.loads((folder / "sprung.json").read_text(encoding="utf-8"))["functions"]
    assert "speed" not in done.stdout  # what the package prints is its own
    assert done.returncode == 1  # there is a wrong derivative
    return {(v["name"].removeprefix("sprung."), v["kind"]): v for v in functions}


STATES = {
    ("speed", "function"): "passed",
    ("norm", "function"): "passed",
    ("power", "function"): "passed",
    ("evaluated", "function"): "refused",
    ("count", "function"): "not differentiable",
    ("steps", "function"): "not differentiable",
    ("noisy", "function"): "no reference",
    ("jagged", "function"): "no reference",
    ("reads", "function"): "no sample",
    ("crashes", "function"): "died",
    ("hangs", "function"): "no reference",
    ("lies", "function"): "wrong",
    ("Spring.energy", "method"): "passed",
    ("Spring.energy", "parameters"): "passed",
}


def test_every_public_function_gets_its_verdict(verdicts):
    """One test, since the survey is made for each process that runs tests of this file."""
    assert {key: found["state"] for key, found in verdicts.items()} == STATES

    # Recorded examples are preferred, and their ints become floats.
    speed = verdicts["speed", "function"]
    assert (speed["source"], speed["sample"]) == ("recorded", "(100.0, 9.58)")
    assert verdicts["Spring.energy", "parameters"]["sample"] == "(2.5, 0.3)"

    # The time to the first gradient is measured, and refusals say why.
    assert speed["seconds"] > 0.0
    assert speed["lines"] > 2
    assert verdicts["evaluated", "function"]["reason"]
    assert "adgen:" in verdicts["evaluated", "function"]["detail"]
