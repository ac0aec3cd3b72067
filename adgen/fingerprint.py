"""What a derivative is made from, as one digest that is the same in every process.

A function is followed to all that its code can reach by name: the functions and classes that it calls, closure values,
defaults, the attributes of modules.  What can't be told for certain raises `Unknown`; then nothing is kept on disk.
"""

from __future__ import annotations

import builtins
import dataclasses
import dis
import functools
import hashlib
import linecache
import os
import platform
import sys
import types
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

LIBRARIES = {"numpy", "scipy", "numba", "llvmlite", "adgen", *sys.stdlib_module_names} - {"__main__"}
SIMPLE = (bool, int, float, complex, str, bytes, type(None), type(Ellipsis), range, slice)
# Names by which code reaches what it does not name.
HIDDEN = {
    "globals", "vars", "locals", "eval", "exec", "__import__", "import_module", "modules", "open", "environ", "getenv",
    "getattr", "__dict__", "__subclasses__", "currentframe", "_getframe",
}  # fmt: skip
IMPORT = dis.opmap["IMPORT_NAME"]
MOST = 4000  # objects
OF_CLASSES = ("__dict__", "__weakref__", "__doc__", "__module__", "__annotations__", "__abstractmethods__", "_abc_impl")
FUNCTION = types.FunctionType
DESCRIPTORS = types.MemberDescriptorType | types.GetSetDescriptorType
PACKAGE = Path(__file__).parent


class Unknown(Exception):
    """Something of which it can't be told whether it is the same in another process."""


class Fingerprint:
    """The digest of objects, one after another, and the objects that were met, in an order that is always the same."""

    def __init__(self) -> None:
        self.met: list[Any] = []
        self._places: dict[int, int] = {}
        self._modules: set[tuple[str, frozenset[str]]] = set()
        self._digest = hashlib.blake2b(digest_size=16)

    def digest(self) -> str:
        return self._digest.hexdigest()

    def place(self, value: Any) -> int | None:
        """Where an object stands among those that were met."""
        return self._places.get(id(value))

    def say(self, *words: Any) -> None:
        self._digest.update(repr(words).encode())

    def first_time(self, value: Any) -> bool:
        known = self.place(value)
        if known is not None:
            self.say("again", known)
            return False
        if len(self.met) >= MOST:
            raise Unknown("too much")
        self._places[id(value)] = len(self.met)
        self.met.append(value)
        return True

    def add(self, value: Any, names: Iterable[str] = ()) -> None:
        """An object; of modules, the attributes of these names."""
        kind = type(value)
        if kind in SIMPLE or isinstance(value, np.generic | np.dtype):
            self.say(kind.__name__, value)
        elif isinstance(value, types.ModuleType):
            self.module(value, names)
        elif not self.first_time(value):
            return
        elif kind is np.ndarray:
            self.array(value)
        elif kind is list or isinstance(value, tuple):
            self.add(kind)
            self.say(len(value))
            for item in value:
                self.add(item, names)
        elif kind is dict:
            self.say("dict", len(value))
            for key, item in value.items():
                self.add(key)
                self.add(item, names)
        elif isinstance(value, type):
            self.cls(value)
        elif in_library(value):
            self.library(value)
        elif isinstance(value, FUNCTION):
            self.function(value)
        elif isinstance(value, types.MethodType):
            self.say("method")
            self.add(value.__func__)
            self.add(value.__self__)
        elif isinstance(value, staticmethod | classmethod):
            self.say(kind.__name__)
            self.add(value.__func__)
        elif isinstance(value, property):
            self.say("property")
            for part in (value.fget, value.fset, value.fdel):
                self.add(part)
        elif isinstance(value, functools.partial):
            self.say("partial")
            for part in (value.func, value.args, value.keywords):
                self.add(part)
        elif kind.__module__.startswith("numba.") and isinstance(getattr(value, "targetoptions", None), dict):
            self.say("dispatcher", sorted(f"{k}={_ordered(v)}" for k, v in value.targetoptions.items()))
            self.add(getattr(value, "_dispatcher", value).py_func)  # of a ufunc, what it was made of
        elif kind.__module__ == "adgen.derivatives":
            self.say(kind.__name__, value.product, value.argnums, value.has_aux, value.options.decorator())
            self.add(value.function)
        else:
            raise Unknown(kind)

    def array(self, value: np.ndarray) -> None:
        if value.dtype.hasobject:
            raise Unknown("objects in an array")
        self.say("array", value.dtype.str, value.shape, value.strides)
        self._digest.update(np.ascontiguousarray(value).data)

    def library(self, value: Any) -> None:
        """Functions of libraries are known by name; their versions are part of every digest."""
        name = getattr(value, "__qualname__", value.__name__)
        for module in (getattr(value, "__module__", None), "numpy", "scipy.special"):
            first, *rest = name.split(".")
            found: Any = vars(sys.modules.get(module or "", builtins)).get(first)  # numpy warns of names it has not
            for part in rest:
                found = getattr(found, part, None)
            if found is value:
                self.say("library", module, name)
                return
        raise Unknown(name)

    def module(self, value: types.ModuleType, names: Iterable[str]) -> None:
        """Of the user's modules, what code may read from them."""
        self.say("module", value.__name__)
        key = value.__name__, frozenset(names)
        if value.__name__.partition(".")[0] in LIBRARIES or key in self._modules:
            return
        self._modules.add(key)
        if self.first_time(value):
            self.first_time(value.__dict__)
        space = vars(value)
        for name in sorted({*names} & {*space}):
            self.say(name)
            self.add(space[name], names)

    def cls(self, value: type) -> None:
        self.say("class", value.__module__, value.__qualname__)
        if value.__module__.partition(".")[0] in LIBRARIES:
            return
        for base in value.__mro__[1:]:
            self.add(base)
        for name, entry in vars(value).items():
            self.say(name)
            if name == "__dataclass_fields__":
                for field in entry.values():
                    self.say(field.name, field.init, field.kw_only)
                    self.add(field.default if field.default is not dataclasses.MISSING else None)
                    self.add(field.default_factory if field.default_factory is not dataclasses.MISSING else None)
            elif name == "__dataclass_params__":
                self.say(entry)
            elif name not in OF_CLASSES and not isinstance(entry, DESCRIPTORS):
                self.add(entry)

    def function(self, value: FUNCTION) -> None:
        self.say("function", value.__module__, value.__qualname__, value.__code__.co_firstlineno)
        self.say(text_of(value.__code__.co_filename, value.__globals__))
        names: set[str] = set()
        self.code(value.__code__, names)
        self.first_time(value.__globals__)
        for cell in value.__closure__ or ():
            if self.first_time(cell):
                try:
                    content = cell.cell_contents
                except ValueError:
                    raise Unknown("an empty cell") from None
                self.add(content, names)
        for part in (value.__defaults__, value.__kwdefaults__, value.__dict__):
            self.add(part, names)
        space = value.__globals__
        for name in sorted(names):
            if name in space:
                self.say(name)
                self.add(space[name], names)
            elif name in HIDDEN:
                raise Unknown(name)

    def code(self, code: types.CodeType, names: set[str]) -> None:
        """What a function does; the names in it are collected."""
        if IMPORT in code.co_code[::2]:
            raise Unknown("an import")
        self.say(code.co_name, code.co_code, code.co_names, code.co_varnames, code.co_freevars)
        names |= {*code.co_names, *code.co_freevars}
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                self.code(constant, names)
            else:
                self.say(_ordered(constant))


def in_library(value: Any) -> bool:
    """Whether an object is a function of a library, which its name tells."""
    if isinstance(value, np.ufunc | types.BuiltinFunctionType | type(np.sum)) and not isinstance(value, FUNCTION):
        return True
    module = getattr(value, "__module__", None)
    return isinstance(value, FUNCTION) and isinstance(module, str) and module.partition(".")[0] in LIBRARIES


def _ordered(value: Any) -> str:
    return repr(sorted(map(repr, value))) if isinstance(value, set | frozenset) else repr(value)


@functools.lru_cache(maxsize=256)
def _file_digest(file: str, changed: int, size: int) -> str:
    del changed, size
    return hashlib.blake2b(Path(file).read_bytes(), digest_size=16).hexdigest()


def text_of(file: str, space: dict[str, Any]) -> str:
    """The file in which a function stands: generated code names its lines."""
    try:
        status = os.stat(file)  # noqa: PTH116 - once for each function of each first call
    except OSError:
        lines = linecache.getlines(file, space)  # none: then what is generated can't depend on them
        return hashlib.blake2b("".join(lines).encode(), digest_size=16).hexdigest()
    return file + _file_digest(file, status.st_mtime_ns, status.st_size)


@functools.cache
def surroundings() -> str:
    """The versions of what takes part in generating: Python, the libraries, and adgen itself, file by file."""
    words = [platform.python_version(), str(sys.flags.optimize)]
    words += map(_version, ("numpy", "scipy", "numba", "llvmlite"))
    for folder, _, files in sorted(os.walk(PACKAGE)):
        for file in sorted(files):
            if file.endswith(".py"):
                status = os.stat(f"{folder}/{file}")  # noqa: PTH116 - some hundred files, at each start
                words.append(f"{file} {status.st_mtime_ns} {status.st_size}")
    return " ".join(words)


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"
