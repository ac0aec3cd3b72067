"""Sample arguments that the package itself shows: its docstrings' examples and its tests, run and listened to."""

from __future__ import annotations

import doctest
import inspect
import pickle
import sys
import types
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from adgen.survey.finding import Package, code_of
from adgen.survey.processes import OutOfTime, time_limit

CALLS_KEPT = 6  # of each function
BYTES_KEPT = 200_000  # of one call's arguments
EXAMPLE_SECONDS = 5.0

Recorded = dict[str, list[bytes]]


class Recorder:
    """Notes the arguments of calls of known functions, whoever makes them.

    Arguments are pickled at once: the function may change them, and another process is to use them.
    """

    def __init__(self, names: Mapping[types.CodeType, str]) -> None:
        self.names = names
        self.calls: Recorded = {}

    def __enter__(self) -> Self:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _note(self, frame: types.FrameType, event: str, _: Any) -> None:
        name = self.names.get(frame.f_code) if event == "call" else None
        if name is None or len(self.calls.get(name, ())) >= CALLS_KEPT:
            return
        try:
            given = inspect.getargvalues(frame)
            values = {n: given.locals[n] for n in given.args}
            if given.varargs:
                values[given.varargs] = given.locals[given.varargs]
            if given.keywords:
                values[given.keywords] = given.locals[given.keywords]
            if given.args and given.args[0] == "self" and frame.f_code.co_name == "__init__":
                del values["self"]  # not yet an object
            text = pickle.dumps(values)
        except Exception:  # noqa: BLE001 -- what can't be pickled is no sample
            return
        kept = self.calls.setdefault(name, [])
        if len(text) <= BYTES_KEPT and text not in kept:
            kept.append(text)


def without_numba(package: Package) -> None:
    """Let compiled functions of the package run as Python, where calls can be noted.  In a child process only."""
    for module in package.modules:
        for name, value in list(vars(module).items()):
            if hasattr(value, "py_func"):
                setattr(module, name, value.py_func)


def record_examples(package: Package, module: types.ModuleType, names: Mapping[types.CodeType, str]) -> Recorded:
    """Run the examples in a module's docstrings."""
    without_numba(package)
    recorder = Recorder(names)
    parser = doctest.DocTestParser()
    surroundings = {n: v for m in (package.modules[0], module) for n, v in vars(m).items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in docstrings(module):
            try:
                examples = parser.get_examples(text)
            except ValueError:
                continue
            space = {**surroundings, "__name__": "__main__"}
            for example in examples:
                _run_example(example.source, space, recorder)
    return recorder.calls


def _run_example(source: str, space: dict[str, Any], recorder: Recorder) -> None:
    try:
        program = compile(source, "<example>", "single")
        with time_limit(EXAMPLE_SECONDS), recorder:
            exec(program, space)  # noqa: S102 -- the package's own example, in a child process
    except (Exception, SystemExit, OutOfTime):  # noqa: BLE001, S110 -- an example that fails shows nothing
        pass


def docstrings(module: types.ModuleType) -> list[str]:
    """The docstrings of a module, its functions, classes and methods."""
    found = [module.__doc__]
    for value in list(vars(module).values()):
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(value):
            found += [value.__doc__, *(getattr(v, "__doc__", None) for v in vars(value).values() if callable(v))]
        elif code_of(value) is not None:
            found.append(value.__doc__)
    return [text for text in found if isinstance(text, str) and ">>>" in text]


def test_folders(package: Package) -> list[Path]:
    """Files and folders of tests that were installed with the package."""
    top = package.modules[0].__file__ if package.modules else None
    if top is None or Path(top).name != "__init__.py":
        return []
    root = Path(top).parent
    found = [p for p in root.rglob("test*") if p.name in {"tests", "test", "tests.py"} or p.match("test_*.py")]
    return [p for p in found if p.is_dir() or p.suffix == ".py"]


def record_tests(
    package: Package, paths: list[Path], names: Mapping[types.CodeType, str], seconds: float
) -> Callable[[], Recorded]:
    """A job that runs tests with pytest for at most some seconds."""

    def run() -> Recorded:
        try:
            import pytest
        except ImportError:
            return {}
        without_numba(package)
        recorder = Recorder(names)
        options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--import-mode=importlib", "-W", "ignore"]
        try:
            with time_limit(seconds), recorder:
                pytest.main([*options, "--rootdir=.", *map(str, paths)])
        except (Exception, SystemExit, OutOfTime):  # noqa: BLE001, S110 -- what was noted before is kept
            pass
        return recorder.calls

    return run
