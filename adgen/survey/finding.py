"""What is public in a package: modules, functions, classes and their methods."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import types
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from adgen.survey.processes import OutOfTime, time_limit

# Modules that are not part of what a package offers.
NOT_SURVEYED = re.compile(
    r"(^|\.)(tests?|testing|test_\w+|\w+_test|conftest|setup|examples?|docs?|__main__|benchmarks?)(\.|$)"
)
IMPORT_SECONDS = 60.0


@dataclass(frozen=True)
class Subject:
    """A function, or a method of a class (`owner`)."""

    name: str
    function: Any
    owner: type | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """How it is differentiated: by its arguments, and by the parameters of which its object is made."""
        return ("function",) if self.owner is None else ("method", "parameters")

    @property
    def code(self) -> types.CodeType:
        return code_of(self.function)  # type: ignore[return-value]


@dataclass
class Package:
    """An imported package and what was found in it."""

    name: str
    modules: list[types.ModuleType]
    unimportable: dict[str, str] = field(default_factory=dict)

    def subjects(self) -> list[Subject]:
        """Functions and methods written in the package, each piece of source once."""
        found: dict[types.CodeType, Subject] = {}
        for module in self.modules:
            for name, value in public(vars(module)):
                code = code_of(value)
                if code is not None and self._is_ours(value):
                    found.setdefault(code, Subject(f"{module.__name__}.{name}", value))
        for cls in self.classes():
            for name, value in vars(cls).items():
                inner = value.__func__ if isinstance(value, staticmethod | classmethod) else value
                code = code_of(inner)
                wanted = not name.startswith("_") or name == "__call__"
                if code is not None and wanted and not isinstance(value, staticmethod | classmethod):
                    found.setdefault(code, Subject(f"{cls.__module__}.{cls.__qualname__}.{name}", inner, cls))
        return list(found.values())

    def classes(self) -> list[type]:
        """Classes written in the package, each once."""
        return list(
            dict.fromkeys(
                value
                for module in self.modules
                for _, value in public(vars(module))
                if inspect.isclass(value) and self._is_ours(value) and not issubclass(value, BaseException)
            )
        )

    def _is_ours(self, value: Any) -> bool:
        home = getattr(value, "__module__", None) or ""
        return home == self.name or home.startswith(f"{self.name}.")


def public(names: Any) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in list(names.items()) if not name.startswith("_"))


def code_of(value: Any) -> types.CodeType | None:
    """The code of a Python function, also behind wrappers and Numba's dispatchers; None for anything else."""
    for _ in range(20):
        if hasattr(value, "py_func"):
            value = value.py_func
        elif hasattr(value, "__wrapped__") and callable(value) and not inspect.isclass(value):
            value = value.__wrapped__
        else:
            break
    if not inspect.isfunction(value):
        return None
    return value.__code__


def import_package(name: str, chosen: Sequence[str] = (), skip: Sequence[str] = ()) -> Package:
    """Import a package and its modules (or the chosen ones, or all but some); those that fail are noted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        top = importlib.import_module(name)
        package = Package(name, [] if chosen else [top])
        names = list(chosen) or [
            found.name
            for found in pkgutil.walk_packages(getattr(top, "__path__", []), f"{name}.", onerror=lambda _: None)
        ]
        for module in names:
            if module in skip or (NOT_SURVEYED.search(module.removeprefix(name)) and module not in chosen):
                continue
            try:
                with time_limit(IMPORT_SECONDS):
                    found = importlib.import_module(module)
                if found.__name__ == module:  # some packages put other objects there
                    package.modules.append(found)
            except (Exception, SystemExit, OutOfTime) as error:  # noqa: BLE001 -- a module may raise anything
                package.unimportable[module] = f"{type(error).__name__}: {error}".splitlines()[0]
    return package
