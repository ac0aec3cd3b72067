"""Sample arguments of a function: calls that were recorded, what parameters' names tell, and probing."""

from __future__ import annotations

import inspect
import linecache
import math
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from adgen.survey.conventions import PROBES, conventional, rotation
from adgen.survey.finding import Subject
from adgen.survey.processes import OutOfTime, time_limit
from adgen.testing.trees import copied, is_smooth, leaves, map_leaves, same, smooth_leaves

CALL_SECONDS = 3.0
MOST_LEAVES = 4000  # numbers among the arguments; differences evaluate the function for each direction
MOST_TRIED = 24
NONE_OR_FAILED = object()


@dataclass(frozen=True)
class Sample:
    """A function of positional arguments, and values for them."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    value: Any
    source: str  # where the arguments come from
    integers: Mapping[int, Any] = field(default_factory=dict)  # arguments that were ints, by position


def samples_of(subject: Subject, recorded: Mapping[str, list[bytes]]) -> Iterator[Sample]:
    """Samples of a function; of a method, those whose object was recorded or can be made."""
    calls = [c for c in map(_unpickled, recorded.get(subject.name, ())) if c is not None]
    if subject.owner is None:
        yield from _samples(subject.function, subject.function, calls)
        return
    mine = [c for c in calls if isinstance(c.get("self"), subject.owner)]
    for call in mine:
        given = {n: v for n, v in call.items() if n != "self"}
        method = getattr(call["self"], subject.function.__name__)
        yield from _samples(method, method, [given], probe=False)
    for instance, _ in instances(subject.owner, recorded):
        method = getattr(instance, subject.function.__name__)
        yield from _samples(method, method, [{n: v for n, v in c.items() if n != "self"} for c in mine])


def samples_at_parameters(subject: Subject, recorded: Mapping[str, list[bytes]]) -> Iterator[Sample]:
    """The method as a function of what its object is made of, and of its own arguments."""
    calls = [c for c in map(_unpickled, recorded.get(subject.name, ())) if c is not None]
    calls = [{n: v for n, v in c.items() if n != "self"} for c in calls]
    cls: Any = subject.owner
    name = subject.function.__name__
    for instance, parameters in instances(subject.owner, recorded):
        if not any(_has_floats(v) for v in parameters.values()):
            continue
        method = getattr(instance, name)
        for given in _candidates(method, calls):
            names = {f"own_{n}" if n in parameters else n: n for n in given[1]}
            made = ", ".join(f"{n}={n}" for n in parameters)
            passed = ", ".join(f"{original}={new}" for new, original in names.items())
            header = ", ".join([*parameters, *names])
            text = f"def {name}({header}):\n    return {cls.__name__}({made}).{name}({passed})\n"
            function = defined(text, name, {cls.__name__: cls})
            sample = _tried(function, (*parameters.values(), *given[1].values()), given[0])
            if sample is not None:
                yield sample


def instances(cls: Any, recorded: Mapping[str, list[bytes]]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Objects of a class, with the arguments of their construction."""
    calls = [c for c in map(_unpickled, recorded.get(f"{cls.__module__}.{cls.__qualname__}.__init__", ())) if c]
    found = 0
    for _, given in _candidates(cls, calls):
        instance = _called(lambda given=given: cls(**copied_mapping(given)))
        if instance is not NONE_OR_FAILED and isinstance(instance, cls):
            yield instance, given
            found += 1
            if found == 3:
                return


def copied_mapping(given: Mapping[str, Any]) -> dict[str, Any]:
    return dict(zip(given, copied(tuple(given.values())), strict=True))


def _samples(function: Any, signature_of: Any, calls: list[dict[str, Any]], *, probe: bool = True) -> Iterator[Sample]:
    tried = 0
    for source, given in _candidates(signature_of, calls, probe=probe):
        plain = positional(function, given)
        if plain is None:
            continue
        tried += 1
        sample = _tried(*plain, source)
        if sample is not None:
            yield sample
        if tried >= MOST_TRIED:
            return


def _tried(function: Any, args: tuple[Any, ...], source: str) -> Sample | None:
    """The sample with as many floats as the function takes, if it returns numbers."""
    if sum(a.size for a in smooth_leaves(args)) > MOST_LEAVES:
        return None
    value = _called(lambda: function(*copied(args)))
    if value is NONE_OR_FAILED:
        return None
    integers: dict[int, Any] = {}
    for k, arg in enumerate(args):
        wide = floats_for_ints(arg)
        if wide is arg:
            continue
        other = (*args[:k], wide, *args[k + 1 :])
        again = _called(lambda other=other: function(*copied(other)))
        if again is not NONE_OR_FAILED and _alike(value, again):
            args, value = other, again
            integers[k] = arg
    if not any(_has_floats(a) for a in args):
        return None
    return Sample(function, args, value, source, integers)


def _candidates(
    function: Any, calls: Iterable[dict[str, Any]], *, probe: bool = True
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Arguments by name that may suit a signature, best first."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return
    for call in calls:
        if all(n in call for n, p in parameters.items() if p.default is p.empty and p.kind < p.VAR_POSITIONAL):
            yield "recorded", {n: call[n] for n in parameters if n in call}
    if not probe:
        return
    wanted = [
        n for n, p in parameters.items() if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
    ]
    defaults = {
        n: p.default for n, p in parameters.items() if isinstance(p.default, float) and math.isfinite(p.default)
    }
    told = told_by(function, wanted)
    by_name = {n: varied(conventional(n), i) for i, n in enumerate(wanted)}
    for k, probing in enumerate(PROBES):
        guessed = {n: by_name[n] if by_name[n] is not None else probing(i) for i, n in enumerate(wanted)}
        if k == 0 or any(v is None for v in by_name.values()):
            yield "names", {**guessed, **told, **defaults}
    if any(isinstance(v, float) for v in by_name.values()):
        vectors = {n: v * np.array([1.0, 1.07, 0.94, 1.13]) if isinstance(v, float) else v for n, v in by_name.items()}
        yield "names", {**{n: v if v is not None else PROBES[1](i) for i, (n, v) in enumerate(vectors.items())}, **told}
    for probing in PROBES:
        yield "probing", {**{n: probing(i) for i, n in enumerate(wanted)}, **told, **defaults}


def varied(value: Any, position: int) -> Any:
    """Two points, or two temperatures, are not the same: each parameter gets a value a little different."""
    factor = 1.0 + 0.013 * position
    return map_leaves(lambda _, leaf: leaf * factor if is_smooth(leaf) else leaf, value)


OPTIONS = re.compile(r"^\s*(\w+)\s*:\s*\{?\s*['\"](\w+)['\"]", re.MULTILINE)
INTEGER = re.compile(r"^\s*(\w+)\s*:\s*(?:int|integer)\b", re.MULTILINE)


def told_by(function: Any, names: list[str]) -> dict[str, Any]:
    """What a docstring in NumPy's layout says: integers, and the first of several texts."""
    text = getattr(function, "__doc__", None) or ""
    found: dict[str, Any] = {m[1]: 3 for m in INTEGER.finditer(text)}
    found |= {m[1]: m[2] for m in OPTIONS.finditer(text)}
    annotations = getattr(function, "__annotations__", {})
    found |= {n: 3 for n in names if annotations.get(n) in (int, "int")}
    for k, n in enumerate(names):
        shown = str(annotations.get(n, "")).replace("typing.", "").lower()
        if shown.startswith("list[list[float"):
            found[n] = (rotation() + 1.1 + 0.01 * k).tolist()
        elif shown.startswith(("list[float", "sequence[float")):
            first = conventional(n)
            found[n] = (
                (first if isinstance(first, float) else 0.37) * (1.0 + 0.07 * np.arange(3.0) + 0.01 * k)
            ).tolist()
    return {n: v for n, v in found.items() if n in names}


def positional(function: Any, given: Mapping[str, Any]) -> tuple[Any, tuple[Any, ...]] | None:
    """The function and its arguments in a row; where the signature has more than that, a function around it."""
    parameters = inspect.signature(function).parameters
    floats = {n: p.default for n, p in parameters.items() if n not in given and isinstance(p.default, float)}
    given = {n: v for n, v in ({**floats, **given}).items() if n in parameters}
    order = [n for n in parameters if n in given]
    kinds = {parameters[n].kind for n in parameters}
    if kinds <= {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}:
        if order == list(parameters)[: len(order)]:
            return function, tuple(given[n] for n in order)
        rest = [n for n in parameters if n in given or n in list(parameters)[: list(parameters).index(order[-1])]]
        return function, tuple(given.get(n, parameters[n].default) for n in rest)
    plain: dict[str, Any] = {}
    passed: list[str] = []
    for n in order:
        kind = parameters[n].kind
        if kind is inspect.Parameter.VAR_POSITIONAL:
            new = {f"{n}{k}": v for k, v in enumerate(given[n])}
            passed += new
        elif kind is inspect.Parameter.VAR_KEYWORD:
            new = dict(given[n])
            passed += [f"{m}={m}" for m in new]
        else:
            new = {n: given[n]}
            passed.append(n if kind is inspect.Parameter.POSITIONAL_ONLY or given.get("args") else f"{n}={n}")
        plain |= new
    if not all(n.isidentifier() for n in plain):
        return None
    name = getattr(function, "__name__", "function")
    text = f"def {name}({', '.join(plain)}):\n    return surveyed({', '.join(passed)})\n"
    return defined(text, name, {"surveyed": function}), tuple(plain.values())


def defined(text: str, name: str, space: dict[str, Any]) -> Any:
    """A function from text whose source can be read."""
    file = f"<survey {name} {len(linecache.cache)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), space)  # noqa: S102 -- made of the package's own names
    return space[name]


# ---- values


def _unpickled(text: bytes) -> dict[str, Any] | None:
    try:
        return pickle.loads(text)  # noqa: S301 -- what our own child wrote
    except Exception:  # noqa: BLE001 -- the package's classes may raise anything
        return None


def _called(work: Callable[[], Any]) -> Any:
    try:
        with time_limit(CALL_SECONDS), np.errstate(all="ignore"):
            return work()
    except (Exception, SystemExit, OutOfTime):  # noqa: BLE001 -- arguments that do not suit
        return NONE_OR_FAILED


def _is_plain_int(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def floats_for_ints(arg: Any) -> Any:
    """The same numbers as floats, in numbers, arrays and lists; the argument itself if there are no ints."""
    found = False

    def widened(_: str, leaf: Any) -> Any:
        nonlocal found
        if _is_plain_int(leaf) or (isinstance(leaf, np.ndarray) and leaf.dtype.kind in "iu"):
            found = True
            return leaf.astype(float) if isinstance(leaf, np.ndarray) else float(leaf)
        return leaf

    wide = map_leaves(widened, arg)
    return wide if found else arg


def _has_floats(arg: Any) -> bool:
    return any(is_smooth(leaf) for _, leaf in leaves(arg))


def _alike(left: Any, right: Any) -> bool:
    """Whether two results agree but for the types of numbers."""
    a, b = list(leaves(left)), list(leaves(right))
    if [path for path, _ in a] != [path for path, _ in b]:
        return False
    for (_, one), (_, other) in zip(a, b, strict=True):
        if is_smooth(other) and np.shape(one) == np.shape(other):
            if not np.allclose(np.asarray(one, complex), np.asarray(other), rtol=1e-9, equal_nan=True):
                return False
        elif not same(one, other):
            return False
    return True
