"""One set of small arguments for each function that the lecture examples differentiate.

The functions are those that [tool.adgen] lists, so that one that is added there without a case fails.
"""

import numpy as np

from adgen.build import read_config
from tests.lecture import samples

CONFIG = samples.ROOT / "pyproject.toml"
# Examples that are no lectures; tests/test_examples.py has them.
ELSEWHERE = {"model", "swing", "energy", "heat", "predator_prey"}


def entries():
    """By name: what [tool.adgen] says of each function, and the module that it goes to."""
    return {
        entry.target.removeprefix("examples."): (entry, module.path.stem)
        for module in read_config(CONFIG)
        for entry in module.entries
        if module.path.stem not in ELSEWHERE
    }


def arguments(name):
    """Fresh ones, the same each time."""
    return samples.SAMPLES[name](np.random.default_rng(5))
