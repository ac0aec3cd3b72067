"""Derivatives ready to be loaded, and those that earlier processes have left on disk.

Generating takes longer than loading what Numba has kept, and the compiler itself must be imported for it.  So the text
of a compiled derivative is kept beside Numba's files, under the digest of all that it was made from.
"""

from __future__ import annotations

import base64
import importlib
import json
import pickle
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from adgen.fingerprint import Fingerprint, Unknown, surroundings
from adgen.loading import cache_folder, is_looked_up, present_value, write_atomically
from adgen.program.function import GlobalName
from adgen.program.trees import leaves
from adgen.rules.registry import registry

if TYPE_CHECKING:
    from adgen.pipeline import Generated

STATIC = (bool, str, bytes, type(None), np.bool_)
NUMBERS = (float, int, complex)
MOST = 16  # texts under one digest, for other sizes
PLAIN = (bool, int, float, complex, str, bytes, type(None))


@dataclass(frozen=True)
class Ready:
    """The text of a derivative, and what its calls must know.

    Attributes
    ----------
    guard
        What is assumed of sizes and values, as an expression in the parameters and the globals.
    written
        Arguments that the original writes in place.
    results
        The variables that the original returns.
    """

    name: str
    text: str
    guard: str
    written: tuple[str, ...]
    results: tuple[str, ...]
    globals: Mapping[str, GlobalName]

    def test(self, parameters: str) -> Callable[..., bool]:
        """The guard as a function."""
        known = {g.name: g.value for g in self.globals.values()}
        return eval(f"lambda {parameters}: {self.guard}", {**known, "np": np})  # noqa: S307  our own text


def ready(generated: Generated) -> Ready:
    """Of what was generated, that which calls need."""
    results = tuple(leaf.name for leaf in leaves(generated.result) if leaf.name) if generated.result else ()
    return Ready(generated.name, generated.text, guard_text(generated), generated.written, results, generated.globals)


def guard_text(generated: Generated) -> str:
    """What is assumed of sizes and values, as an expression in the parameters."""
    program = generated.program
    conditions = [str(c) for c in program.sizes.needed()]
    conditions += [
        f"{program.prologue.get(n, n)} == {v!r}" for n, v in program.frozen.items() if n in program.function.params
    ]
    conditions += [f"{name}.flags.c_contiguous" for name in sorted(generated.contiguous)]
    text = " and ".join(f"({c})" for c in conditions) or "True"
    for name, path in program.prologue.items():
        text = re.sub(rf"\b{name}\b(?!')", path, text) if path != name else text
    return text


class Kept:
    """What earlier processes have left for one function and one combination of argument types."""

    def __init__(self, function: Any, arguments: Mapping[str, Any], *told: Any) -> None:
        self.arguments = arguments
        self._fingerprint: Fingerprint | None = Fingerprint()
        try:
            if registry().extended:
                raise Unknown("rules of the user's")
            self._fingerprint.say(surroundings(), told)
            self._fingerprint.add(function)
            for name, value in arguments.items():
                self._fingerprint.say(name)
                add_type(self._fingerprint, value)
        except (Unknown, RecursionError):
            self._fingerprint = None

    def found(self) -> Ready | None:
        """A text that fits the call at hand."""
        if self._fingerprint is None:
            return None
        for record in self._records():
            known = {n: self._restored(n, *place) for n, place in record["globals"].items()}
            written, results = tuple(record["written"]), tuple(record["results"])
            candidate = Ready(record["name"], record["text"], record["guard"], written, results, known)
            if candidate.test(", ".join(self.arguments))(*self.arguments.values()):
                return candidate
        return None

    def keep(self, made: Ready) -> None:
        """Leave a text for later processes, unless it reads what can't be found again there."""
        if self._fingerprint is None:
            return
        try:
            places = {name: self._place(entry) for name, entry in made.globals.items()}
        except Unknown:
            return
        record = {
            "name": made.name, "text": made.text, "guard": made.guard, "written": made.written,
            "results": made.results, "globals": places,
        }  # fmt: skip
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path, json.dumps([record, *self._records()][:MOST]))

    @property
    def _path(self) -> Any:
        assert self._fingerprint is not None
        return cache_folder() / f"{self._fingerprint.digest()}.json"

    def _records(self) -> list[dict[str, Any]]:
        try:
            return json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []

    # ---- globals: where a later process finds them again

    def _place(self, entry: GlobalName) -> tuple[Any, ...]:
        """Module and path, where the holder is, and where the value is if no holder tells it."""
        holder, value = entry.holder, entry.value
        if holder is None:
            return entry.module, entry.path, None, self._value_place(entry)
        if not is_looked_up(holder):
            where = ("met", self._met(holder)) if callable(holder) else ("other", None)
            return entry.module, entry.path, where, self._value_place(entry)
        if present_value(entry) is not value:
            raise Unknown(entry.name)
        name = module_of(holder)
        where = ("met", self._met(holder)) if name is None else ("vars" if isinstance(holder, dict) else "module", name)
        return entry.module, entry.path, where, None

    def _met(self, value: Any) -> int:
        assert self._fingerprint is not None
        place = self._fingerprint.place(value)
        if place is None:
            raise Unknown(type(value))
        return place

    def _value_place(self, entry: GlobalName) -> tuple[str, Any]:
        value = entry.value
        if isinstance(value, ModuleType):
            return "module", value.__name__
        own = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
        for home, path in ((entry.module, entry.path), own):
            if isinstance(home, str) and home in sys.modules and attribute(sys.modules[home], path) is value:
                return "import", (home, path)
        unmet = type(value) is np.ndarray and self._fingerprint is not None and self._fingerprint.place(value) is None
        if type(value) in PLAIN or isinstance(value, np.generic) or unmet:
            return "value", base64.b64encode(pickle.dumps(value)).decode()
        return "met", self._met(value)

    def _restored(self, name: str, module: str | None, path: str, holder: Any, place: Any) -> GlobalName:
        found = None if holder is None else self._at(*holder)
        if place is not None:
            return GlobalName(name, self._at(*place), module, path, found)
        return GlobalName(name, present_value(GlobalName(name, None, module, path, found)), module, path, found)

    def _at(self, how: str, where: Any) -> Any:
        """What stands at a place."""
        assert self._fingerprint is not None
        match how:
            case "met":
                return self._fingerprint.met[where]
            case "module":
                return importlib.import_module(where)
            case "vars":
                return vars(importlib.import_module(where))
            case "import":
                return attribute(importlib.import_module(where[0]), where[1])
            case "value":
                return pickle.loads(base64.b64decode(where))  # noqa: S301  our own file, beside code that is executed
        return 0  # a holder that is never asked


def module_of(holder: Any) -> str | None:
    """The name of a module that can be imported, whose attributes are looked up in this object."""
    if isinstance(holder, dict):
        found = sys.modules.get(str(holder.get("__name__")))
        return found.__name__ if found is not None and vars(found) is holder and found.__name__ != "__main__" else None
    return holder.__name__ if isinstance(holder, ModuleType) else None


def attribute(owner: Any, path: str) -> Any:
    for part in path.split("."):
        owner = getattr(owner, part, None)
    return owner


def add_type(fingerprint: Fingerprint, value: Any) -> None:
    """What code depends on of an argument: as `adgen.dispatch.type_key`, but the same in every process."""
    kind = type(value)
    if kind in NUMBERS or isinstance(value, np.random.Generator | np.random.RandomState):
        fingerprint.say(kind.__name__)
    elif kind is np.ndarray:
        fingerprint.say("array", value.dtype, value.ndim)
    elif isinstance(value, STATIC):
        fingerprint.say(kind.__name__, value)
    elif isinstance(value, np.generic):
        fingerprint.say(kind.__name__)
    elif isinstance(value, tuple | list):
        fingerprint.add(kind)
        fingerprint.say(len(value))
        for item in value:
            add_type(fingerprint, item)
    elif kind is dict:
        fingerprint.say("dict", len(value))
        for key, item in value.items():
            fingerprint.add(key)
            add_type(fingerprint, item)
    else:
        fingerprint.add(value)
