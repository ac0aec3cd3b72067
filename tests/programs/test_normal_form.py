"""The frontend keeps the meaning: a program in normal form, run as it stands, gives the original's values."""

import cmath
import inspect
import math
import operator
import random

import numpy as np
import pytest

from adgen.emit.python import to_source
from adgen.emit.settings import under_errstate
from adgen.frontend.specialize import specialize
from adgen.program.accumulation import spell_accumulations
from adgen.program.trees import Leaf, Tree, leaves
from adgen.runtime.records import record
from adgen.testing.trees import copied, map_leaves
from tests.programs import Program, all_programs
from tests.properties.programs_at_random import is_tame, load_program, sample_arguments, write_program

# Sums may be taken in another order: a few units in the last place.
ROUNDING = 1e-12
RANDOM_PROGRAMS = 150


def run_normal_form(function, args: tuple):
    """The result of the program that the frontend makes of `function`, in the structure of the original's."""
    bound = inspect.signature(function).bind(*args)
    bound.apply_defaults()
    made = specialize(function, bound.arguments)
    namespace = {"np": np, "math": math, "cmath": cmath, "operator": operator}
    namespace |= {name: entry.value for name, entry in made.function.globals.items()}
    lines = [f"{name} = {path}" for name, path in made.prologue.items()]
    spelled = under_errstate(spell_accumulations(list(made.function.body)))
    lines += [line for stmt in spelled for line in to_source(stmt).splitlines()]
    names = sorted({leaf.name for leaf in leaves(made.result) if leaf.name})
    lines.append(f"return {{{', '.join(f'{name!r}: {name}' for name in names)}}}")
    text = "\n".join([f"def run({', '.join(bound.arguments)}):", *(f"    {line}" for line in lines)])
    exec(compile(text, f"<normal form of {function.__name__}>", "exec"), namespace)
    copies = dict(zip(bound.arguments, copied(tuple(bound.arguments.values())), strict=True))
    return rebuilt(made.result, namespace["run"](**copies))


def rebuilt(tree: Tree, values: dict):
    if isinstance(tree, Leaf):
        return values[tree.name] if tree.name else tree.value
    children = [rebuilt(child, values) for child in tree.children]
    if tree.kind == "dict":
        return dict(zip(tree.keys, children, strict=True))
    if tree.kind == "object":
        return tree.cls(*children)
    if tree.kind == "record":
        return record(tree.cls, **dict(zip(tree.keys, children, strict=True)))
    if tree.kind == "list":
        return children
    return tree.cls(*children) if tree.cls else tuple(children)


def expect_same(expected, found) -> None:
    def compare(path: str, right, left) -> None:
        if isinstance(right, (np.ndarray, np.generic, int, float, complex)):
            np.testing.assert_allclose(left, right, rtol=ROUNDING, atol=ROUNDING, err_msg=f"result{path}")
        else:
            assert left == right

    map_leaves(compare, expected, found)


CASES = [
    pytest.param(p, args, id=p.name if len(p.inputs) == 1 else f"{p.name}-{i}")
    for p in all_programs()
    if not p.refused
    for i, args in enumerate(p.inputs)
]


@pytest.mark.parametrize(("program", "args"), CASES)
def test_the_corpus_in_normal_form_computes_the_same(program: Program, args: tuple) -> None:
    expected = program.function(*copied(args))
    found = run_normal_form(program.function, args)
    if expected is not None:  # what a function delivers by mutation is the business of the interface
        expect_same(expected, found)


def test_random_programs_in_normal_form_compute_the_same() -> None:
    for seed in range(RANDOM_PROGRAMS):
        function, args = load_program(write_program(random.Random(seed).choice)), sample_arguments(seed)
        if is_tame(function, args):
            expect_same(function(*copied(args)), run_normal_form(function, args))
