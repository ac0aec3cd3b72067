"""From text to a callable: tracebacks and debuggers see the generated lines."""

from __future__ import annotations

import hashlib
import itertools
import linecache
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import CellType, ModuleType
from typing import Any

import numpy as np

from adgen.program.function import GlobalName
from adgen.rules.registry import registry

PACKAGE = "adgen_generated"
_numbers = itertools.count(1)


def load_text(text: str, name: str, names: Mapping[str, GlobalName], *, as_file: bool = False) -> dict[str, Any]:
    """Execute generated text; the user's globals are put into its namespace.

    With `as_file` the text is written to the cache folder, so that Numba can keep compiled code beside it.
    """
    file = str(write_cached(text, name, names)) if as_file else f"<adgen {name} {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    module = ModuleType(f"{PACKAGE}.{Path(file).stem if as_file else name}")
    if as_file:
        sys.modules[module.__name__] = module  # where Numba's object mode looks names up
    space = module.__dict__
    space["__file__"] = file
    for entry in names.values():
        if entry.module != "adgen.runtime":
            space[entry.name] = entry.value
    exec(compile(text, file, "exec"), space)  # noqa: S102  our own text
    if not as_file:  # compiled code is not differentiated in turn
        adopt_rules(space, names.values())
    return space


def make_importable() -> None:
    """Let compiled functions of the user's that Numba has kept on disk find the generated modules that they call."""
    package = sys.modules.setdefault(PACKAGE, ModuleType(PACKAGE))
    package.__path__ = [str(cache_folder())]


def adopt_rules(space: Mapping[str, Any], names: Iterable[GlobalName]) -> None:
    """Copies of runtime functions in generated text keep their rules."""
    for entry in names:
        copied = space.get(entry.name)
        if entry.module == "adgen.runtime" and copied is not None and copied is not entry.value:
            for head, row in registry().lookup(entry.value):
                registry().add(copied, head, row)


def cache_folder() -> Path:
    """Where generated files are kept: ``ADGEN_CACHE_DIR``, or a folder of the user's cache."""
    chosen = os.environ.get("ADGEN_CACHE_DIR")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or Path(os.path.expanduser("~")) / ".cache"  # noqa: PTH111
    return Path(base) / "adgen"


def write_cached(text: str, name: str, names: Mapping[str, GlobalName]) -> Path:
    """Write generated text under a name made of its contents, atomically.

    Compiled code is kept beside the file, and holds the user's globals as they were: they are part of its name.
    """
    frozen = "".join(f"{n}={fingerprint(g.value)}" for n, g in sorted(names.items()) if is_frozen(g))
    digest = hashlib.sha256((text + frozen).encode()).hexdigest()[:16]
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}_{digest}.py"
    if not path.exists():
        write_atomically(path, text)
    return path


LOOKED_UP = (bool, int, float, complex, np.number, np.bool_, np.ndarray, tuple)


def is_frozen(entry: GlobalName) -> bool:
    """Whether compiled code keeps the value of a global; numbers and arrays are handed in at each call."""
    looked_up = entry.holder is not None and isinstance(entry.value, LOOKED_UP)
    return entry.module != "adgen.runtime" and (entry.is_constant or not looked_up)


def fingerprint(value: Any) -> str:
    """What a global holds, as text that is the same in every process."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.shape}{hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({','.join(map(fingerprint, value))})"
    code = getattr(getattr(value, "py_func", value), "__code__", None)
    if code is not None:
        return f"{code.co_name}{code.co_code.hex()}{code.co_consts!r}{code.co_names!r}"
    if isinstance(value, bool | int | float | complex | str | bytes | np.generic | None):
        return repr(value)
    return getattr(value, "__qualname__", type(value).__qualname__)


def write_atomically(path: Path, text: str) -> None:
    """Readers see the old file or the new one, never half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise


def is_looked_up(holder: Any) -> bool:
    """Whether a holder tells what a global holds now."""
    return isinstance(holder, dict | CellType) or (hasattr(holder, "__dict__") and not callable(holder))


def present_value(entry: GlobalName) -> Any:
    """What a global of the user's holds now (it is read when the derivative runs, not when it is made)."""
    holder, path = entry.holder, entry.path
    root = path.replace("[", ".").split(".")[0]
    if not path or not is_looked_up(holder):
        return entry.value
    if isinstance(holder, dict):
        return holder.get(root, entry.value) if root == path else _evaluated(path, holder, entry.value)
    if isinstance(holder, CellType):
        value = holder.cell_contents
        return value if root == path else _evaluated(path, {root: value}, entry.value)
    return getattr(holder, path.split(".")[-1], entry.value)


def _evaluated(path: str, space: Mapping[str, Any], default: Any) -> Any:
    try:
        return eval(path, dict(space))  # noqa: S307  a path of names in the user's own program
    except (NameError, KeyError, IndexError, AttributeError):
        return default


def same_type(old: Any, new: Any) -> bool:
    """Whether a global may be exchanged without generating anew."""
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        return old.dtype == new.dtype and old.shape == new.shape
    return type(old) is type(new) and (not isinstance(old, list | tuple | dict) or len(old) == len(new))
