"""A later process takes what an earlier one generated, if nothing has changed that the derivative is made from."""

import importlib.util
import os
import subprocess
import sys

import numpy as np
import pytest

import adgen
from adgen.kept import Kept
from adgen.rules.registry import registry

PROGRAM = """
import sys
import numpy as np
import adgen
import model

x = np.array([0.5, 1.0, 2.0])
print(adgen.grad(model.f, jit=True)(x).tolist(), "adgen.pipeline" in sys.modules)
"""

MODEL = """
import math
import numpy as np
from dataclasses import dataclass
import parts

RATE = 2.0
TABLE = np.array([1.0, 2.0, 3.0])
LAYERS = [("a", 1.5), ("b", 2.5)]

class Shape:
    power = 2
    def __call__(self, x):
        return x ** self.power

@dataclass
class Setting:
    scale: float = 3.0
    def scaled(self, x):
        return self.scale * x

SETTING = Setting()

def made(k):
    def inner(x):
        return k * x
    return inner

times = made(4.0)

def helper(x, c=1.25):
    return np.tanh(x) * c

def f(x):
    s = 0.0
    for name, w in LAYERS:
        s += w * np.sum(helper(x) * TABLE)
    return s * RATE + np.sum(times(x)) + parts.extra(x) + math.pi * Shape()(x[0])
"""

PARTS = """
OFFSET = 0.5
UNUSED = 1.0

def extra(x):
    return OFFSET * x[1]
"""

# What is changed, in which file, and whether the derivative depends on it.
CHANGES = [
    ("RATE = 2.0", "RATE = 2.5", "model"),
    ("[1.0, 2.0, 3.0]", "[1.0, 2.0, 3.5]", "model"),
    ('("b", 2.5)', '("b", 3.5)', "model"),
    ("power = 2", "power = 3", "model"),
    ("made(4.0)", "made(5.0)", "model"),
    ("c=1.25", "c=1.5", "model"),
    ("np.tanh(x) * c", "np.sin(x) * c", "model"),
    ("OFFSET = 0.5", "OFFSET = 0.75", "parts"),
    ("OFFSET * x[1]", "OFFSET * x[2]", "parts"),
]


def written(folder, model=MODEL, parts=PARTS):
    folder.mkdir(exist_ok=True)
    for name, text in (("model", model), ("parts", parts), ("program", PROGRAM)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


def run(folder, cache):
    environment = os.environ | {"ADGEN_CACHE_DIR": str(cache), "PYTHONPATH": os.pathsep.join(["", *sys.path])}
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    numbers, _, generated = done.stdout.strip().rpartition(" ")
    return numbers, generated == "True"


def test_a_second_process_does_not_load_the_compiler(tmp_path):
    written(tmp_path / "a")
    first, second = (run(tmp_path / "a", tmp_path / "cache") for _ in range(2))
    assert first[1]
    assert not second[1]
    assert first[0] == second[0]


def test_a_second_process_after_a_change_generates_anew(tmp_path):
    written(tmp_path / "a")
    run(tmp_path / "a", tmp_path / "cache")
    written(tmp_path / "a", parts=PARTS.replace("OFFSET = 0.5", "OFFSET = 7.5"))
    numbers, generated = run(tmp_path / "a", tmp_path / "cache")
    assert generated
    assert numbers == run(tmp_path / "a", tmp_path / "empty")[0]


def loaded(folder, monkeypatch):
    """The function of the model in a folder."""
    modules = {}
    for name in ("parts", "model"):
        spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
        modules[name] = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, modules[name])
        spec.loader.exec_module(modules[name])
    return modules["model"].f


def digest(function, *arguments, told="grad"):
    names = function.__code__.co_varnames
    fingerprint = Kept(function, dict(zip(names, arguments, strict=False)), told)._fingerprint
    return None if fingerprint is None else fingerprint.digest()


X = np.ones(3)


@pytest.fixture(autouse=True)
def no_rules_of_users(monkeypatch):
    """Other tests of the same process may have added some."""
    monkeypatch.setattr(registry(), "extended", False)


@pytest.mark.parametrize(("old", "new", "where"), CHANGES)
def test_whatever_the_derivative_reads_is_part_of_the_digest(tmp_path, monkeypatch, old, new, where):
    written(tmp_path / "a")
    before = digest(loaded(tmp_path / "a", monkeypatch), X)
    assert before is not None
    assert before == digest(loaded(tmp_path / "a", monkeypatch), X)
    texts = {"model": MODEL, "parts": PARTS}
    assert old in texts[where]
    texts[where] = texts[where].replace(old, new)
    written(tmp_path / "a", **texts)
    assert digest(loaded(tmp_path / "a", monkeypatch), X) != before


def test_values_set_while_running_are_part_of_the_digest(tmp_path, monkeypatch):
    written(tmp_path / "a")
    function = loaded(tmp_path / "a", monkeypatch)
    before = digest(function, X)
    for where, name, value in (("model", "RATE", 9.0), ("parts", "OFFSET", 9.0), ("model", "times", np.sin)):
        with monkeypatch.context() as patch:
            patch.setattr(sys.modules[where], name, value)
            assert digest(function, X) != before
    assert digest(function, X) == before


def test_types_of_arguments_are_part_of_the_digest():
    def f(x):
        return x

    arguments = [1.0, 2, 1j, True, False, None, "a", "b", np.float32(1.0), (1.0,), [1.0], (1.0, 2.0), {"a": 1.0}]
    arguments += [np.ones(2), np.ones((2, 2)), np.ones(2, np.float32), np.ones(2, int), {"b": 1.0}]
    digests = [digest(f, a) for a in arguments]
    assert None not in digests
    assert len(set(digests)) == len(arguments)
    assert digest(f, 1.0) == digest(f, 2.0)
    assert digest(f, np.ones(2)) == digest(f, np.zeros(5))
    assert digest(f, 1.0, told="vjp") != digest(f, 1.0)


def test_what_can_not_be_told_is_not_kept():
    class Mystery:
        pass

    mystery = Mystery()

    def by_object(x):
        return x * mystery.value

    def by_name(x, name="scale"):
        return x * globals()[name]

    def by_import(x):
        import parts

        return parts.extra(x)

    assert [digest(f, 1.0) for f in (by_object, by_name, by_import)] == [None, None, None]
    assert digest(lambda x: x, mystery) is None


def test_rules_of_the_users_are_seen(monkeypatch):
    from adgen.rules.registry import registry

    def f(x):
        return x

    assert digest(f, 1.0) is not None
    monkeypatch.setattr(registry(), "extended", False)
    adgen.rule("y = f(x)", lambda x: x, dy_dx="1.0")
    assert digest(f, 1.0) is None
