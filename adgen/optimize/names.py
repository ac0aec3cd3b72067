"""Short names for the temporaries that are left: ``t``, or ``t1``, ``t2``, ... in order."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import replace

import gast

from adgen.analyses.effects import statements_in
from adgen.optimize.trees import names_stored, rename
from adgen.program.function import Function
from adgen.program.syntax import nodes_in

PLAIN = re.compile(r"(t\d*)((?:_bar|_dot|_tape)*)\d*((?:_\d+)?)")  # `t2_bar_0` is the adjoint for one of several seeds

COUNTERS = (*"ijklm", *(f"i{k}" for k in range(1, 100)))


def renumber_temporaries(function: Function) -> Function:
    """Number the remaining temporaries in the order in which they appear; runs once, at the end.

    The adjoint and the record of a temporary go with it: `t2`, `t2_bar`, `t2_tape`.

    >>> from adgen.optimize.showing import show
    >>> print(show(renumber_temporaries, '''
    ... t7 = np.exp(x)
    ... t7_bar = t7 * t7'''))
    t = np.exp(x)
    t_bar = t * t
    """
    old = _numbered(function)
    stems = list(dict.fromkeys(PLAIN.fullmatch(n)[1] for n in old))  # type: ignore[index]
    present = [n for s in function.body for n in nodes_in(s) if isinstance(n, gast.Name)]
    taken = {n.id for n in present}
    taken = (taken | set(function.globals) | set(function.params)) - set(old)
    candidates = ["t"] if len(stems) == 1 else [f"t{k}" for k in range(1, len(stems) + 2 + len(taken))]
    heads = {n[:k] for n in taken for k in range(len(n) + 1) if k == len(n) or n[k] == "_"}
    free = [s for s in candidates if s not in heads]
    if len(free) < len(stems):
        return function
    number = dict(zip(stems, free, strict=False))
    names: dict[str, str] = {}
    for name in old:
        stem, suffix, seed = PLAIN.fullmatch(name).groups()  # type: ignore[union-attr]
        names[name] = _unused(number[stem] + suffix, seed, set(names.values()))
    names = {a: b for a, b in names.items() if a != b}
    if any(n.id == "_" and isinstance(n.ctx, gast.Load) for n in present):
        names["_"] = next(c for c in COUNTERS if c not in taken)  # an unnamed counter that is used now
    return _renamed(function, names) if names else function


def number_anew(function: Function) -> Function:
    r"""Numbers at the end of other temporaries only where they are needed, and no greater; runs once, at the end.

    >>> from adgen.optimize.showing import small_function, source
    >>> f = small_function("last3 = -1\nfor i in range(n):\n    last3 = i\nx = xs[last3]")
    >>> print(source(number_anew(replace(f, temporaries=frozenset(["last3"])))))
    last = -1
    for i in range(n):
        last = i
    x = xs[last]
    """
    taken = {n.id for s in function.body for n in nodes_in(s) if isinstance(n, gast.Name)}
    taken |= {*function.globals, *function.params}
    names: dict[str, str] = {}
    for name in _defined(function):
        stem = name.rstrip("0123456789")
        if name in function.temporaries and stem != name and not PLAIN.fullmatch(name) and not DERIVED.fullmatch(name):
            wishes = (stem, *(f"{stem}{k}" for k in range(1, int(name[len(stem) :]))))
            names[name] = next((w for w in wishes if w not in taken), name)
            taken.add(names[name])
    names = {a: b for a, b in names.items() if a != b}
    return _renamed(function, names) if names else function


def _renamed(function: Function, names: Mapping[str, str]) -> Function:
    types = {names.get(n, n): t for n, t in function.types.items() if n in names or n not in names.values()}
    temporaries = {names.get(n, n) for n in function.temporaries}
    body = tuple(rename(s, names) for s in function.body)
    return replace(function, body=body, types=types, temporaries=frozenset(temporaries))


def _defined(function: Function) -> list[str]:
    """Names in the order of their definitions."""
    defined: dict[str, None] = {}
    for stmt in statements_in(function.body):
        targets = getattr(stmt, "targets", None) or [getattr(stmt, "target", None)]
        defined.update(dict.fromkeys(n for t in targets if t is not None for n in names_stored(t)))
    return list(defined)


def _numbered(function: Function) -> list[str]:
    """Temporaries with plain names, in the order of their definitions."""
    return [n for n in _defined(function) if n in function.temporaries and PLAIN.fullmatch(n)]


def _unused(name: str, seed: str, taken: set[str]) -> str:
    number = 1
    while (chosen := f"{name}{seed}" if number == 1 else f"{name}{number}{seed}") in taken:
        number += 1
    return chosen


def name_after_variables(function: Function) -> Function:
    """Adjoints, tangents and records named after the variables that are left; runs once, at the end.

    Passes have given several names of the normal form one name (`x1`, `x2` are `x` again): `x1_bar3` is `x_bar`, where
    that is free, and a record is that of the variable that is put there.

    >>> from adgen.optimize.showing import show
    >>> print(show(name_after_variables, '''
    ... y7_tape = np.empty(n)
    ... y7_tape[i] = x
    ... x1_bar = k * x
    ... y_bar2 = x1_bar * y7_tape[i]'''))
    x_tape = np.empty(n)
    x_tape[i] = x
    x_bar = k * x
    y_bar = x_bar * x_tape[i]
    """
    present = {n.id for s in function.body for n in nodes_in(s) if isinstance(n, gast.Name)}
    held = _recorded(function)
    parts = {n: m for n in _defined(function) if (m := DERIVED.fullmatch(n)) and n not in function.params}
    taken = (present | set(function.globals) | set(function.params)) - parts.keys()
    names: dict[str, str] = {}
    wishes = {n: _wishes(n, m, held.get(n), present) for n, m in parts.items()}
    for name in sorted(parts, key=lambda n: wishes[n][0] != n):  # those with the right name keep it
        free = [w for w in wishes[name] if w not in taken]
        wish, seed = wishes[name][-1], parts[name][4]
        numbered = (f"{wish.removesuffix(seed)}{k}{seed}" for k in itertools.count(1))
        names[name] = free[0] if free else next(n for n in numbered if n not in taken)
        taken.add(names[name])
    names = {a: b for a, b in names.items() if a != b}
    return _renamed(function, names) if names else function


DERIVED = re.compile(r"(.+?)((?:_bar|_dot|_tape)+)(\d*)((?:_\d+)?)")


def _wishes(name: str, parts: re.Match[str], held: str | None, present: set[str]) -> list[str]:
    """Names for an adjoint, a tangent or a record, best first."""
    base, suffix, _, seed = parts.groups()
    if suffix.endswith("_tape"):
        return [f"{held}_tape"] if held is not None else [name]
    stem = base if re.fullmatch(r"t\d+", base) else base.rstrip("0123456789")
    plain = [f"{stem}{suffix}{seed}"] if base not in present and stem in present else []
    return [*plain, f"{base}{suffix}{seed}"]


def _recorded(function: Function) -> dict[str, str]:
    """The variable that is put into each record; nothing for those that take in elements or expressions."""
    found: dict[str, str] = {}
    for stmt in statements_in(function.body):
        match stmt:
            case gast.Assign(targets=[gast.Subscript(value=gast.Name(id=tape))], value=value):
                pass
            case gast.Expr(value=gast.Call(func=gast.Attribute(value=gast.Name(id=tape), attr="append"), args=[value])):
                pass
            case _:
                continue
        match value:
            case gast.Name(id=name) | gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="copy"), args=[]):
                found.setdefault(tape, name)
    return found
