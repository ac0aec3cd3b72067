"""The text of a derivative is the same in every process: nothing in it follows the order of a set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHARE = 30  # one program in so many is compared in every run

# Prints a digest for each program, of its adjoint as Numba gets it.
GENERATE = """
import hashlib, sys, warnings
import adgen
from adgen.testing.trees import copied
from tests.programs import all_programs

warnings.simplefilter("ignore")
start, step = map(int, sys.argv[1:])
for program in [p for p in all_programs() if p.jit and not p.refused][start::step]:
    text = adgen.source(adgen.vjp(program.function, jit=True), *copied(program.inputs[0]))
    print(program.name, hashlib.sha256(text.encode()).hexdigest())
"""


def digests(seed: int, start: int, step: int, cache: Path) -> list[str]:
    """What a process says whose sets of strings are laid out by this seed, and that finds nothing on disk."""
    command = [sys.executable, "-c", GENERATE, str(start), str(step)]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "ADGEN_CACHE_DIR": str(cache / str(seed))}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("start", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(1, SHARE))])
def test_text_does_not_depend_on_the_order_of_sets(start: int, tmp_path: Path) -> None:
    first = digests(1, start, SHARE, tmp_path)
    assert len(first) >= 10
    assert digests(2, start, SHARE, tmp_path) == first
