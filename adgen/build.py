"""The build step: stand-alone derivative modules, listed in pyproject.toml, written and kept up to date.

A generated file begins with hashes of what it was made from, so that `outdated` can say what changed.
Files are replaced whole or not at all.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib
import inspect
import os
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from adgen.errors import AdgenError

PRODUCTS = ("value", "grad", "value_and_grad", "jvp", "vjp")
KEYS = ("function", "products", "argnums", "signature", "module", "jit")
MARK = "# adgen: "
HASH_LENGTH = 16
LIBRARIES = ("numpy", "scipy", "numba", "math", "cmath", "builtins")

Argnums = int | str | tuple[int | str, ...]


class BuildError(Exception):
    """A mistake in the configuration or on the command line, in a sentence."""


@dataclass(frozen=True)
class Entry:
    """Derivatives of one function that go into a generated module.

    `target` is how the user names the function, ``package.module:function``; `signature` is in Numba's
    words, or None where annotations give the types.
    """

    target: str
    function: Callable[..., Any]
    products: tuple[str, ...] = ("grad",)
    argnums: Argnums = 0
    signature: str | None = None
    jit: bool = False

    @property
    def name(self) -> str:
        return self.target.rpartition(":")[2]


@dataclass(frozen=True)
class Module:
    """A file to be written, and what goes into it."""

    path: Path
    entries: tuple[Entry, ...]


# ---------------------------------------------------------------------------- configuration


def read_config(config: Path) -> list[Module]:
    """The modules that ``[tool.adgen]`` asks for, with their functions imported."""
    try:
        document = tomllib.loads(config.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BuildError(f"there is no file {config}") from None
    except tomllib.TOMLDecodeError as error:
        raise BuildError(f"{config}: {error}") from None
    section = document.get("tool", {}).get("adgen")
    if not isinstance(section, dict):
        raise BuildError(f"{config} has no section [tool.adgen]")
    _expect_known(section, ("output", "derivative"), f"{config}: [tool.adgen]")
    output = section.get("output", "generated")
    if not isinstance(output, str):
        raise BuildError(f"{config}: output is the name of a folder, not {output!r}")
    rows = section.get("derivative", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BuildError(f"{config}: write [[tool.adgen.derivative]], once for each function")
    root = config.resolve().parent
    return _grouped(root / output, [_read_row(row, config, root) for row in rows])


def _read_row(row: Mapping[str, Any], config: Path, root: Path) -> tuple[str, Entry]:
    """The name of the file that a row goes into, and its entry."""
    target = row.get("function")
    if not isinstance(target, str):
        raise BuildError(f'{config}: each [[tool.adgen.derivative]] needs function = "package.module:name"')
    where = f"{config}: {target}"
    _expect_known(row, KEYS, where)
    for key, kind, example in (("signature", str, "a text"), ("module", str, "a text"), ("jit", bool, "true or false")):
        if key in row and not isinstance(row[key], kind):
            raise BuildError(f"{where}: {key} is {example}, not {row[key]!r}")
    function = find_function(target, root)
    products = row.get("products", ["grad"])
    if not isinstance(products, list) or not products:
        raise BuildError(f"{where}: products is a list of {', '.join(PRODUCTS)}")
    for product in products:
        if product not in PRODUCTS:
            raise BuildError(f"{where}: there is no product {product!r}; {_choice(str(product), PRODUCTS)}")
    module = row.get("module") or target.partition(":")[0].rpartition(".")[2]
    if not module.isidentifier():
        raise BuildError(f"{where}: module = {module!r} is not the name of a Python module")
    argnums = _read_argnums(row.get("argnums", 0), function, where)
    entry = Entry(target, function, tuple(products), argnums, row.get("signature"), row.get("jit", False))
    return module, entry


def _grouped(folder: Path, rows: Iterable[tuple[str, Entry]]) -> list[Module]:
    groups: dict[str, list[Entry]] = {}
    for name, entry in rows:
        groups.setdefault(name, []).append(entry)
    for name, entries in groups.items():
        taken: dict[str, str] = {}
        for entry in entries:
            for product in entry.products:
                definition = f"{entry.name}_{product}"
                if definition in taken:
                    raise BuildError(
                        f"{definition} would be defined twice in {name}.py, for {taken[definition]} and "
                        f'{entry.target}; give one of them another file with module = "..."'
                    )
                taken[definition] = entry.target
    return [Module(folder / f"{name}.py", tuple(entries)) for name, entries in groups.items()]


def find_function(target: str, root: Path) -> Callable[..., Any]:
    """Import ``package.module:function``, with `root` on the path."""
    module_name, colon, path = target.partition(":")
    if not (module_name and colon and path):
        raise BuildError(f"{target!r} should read package.module:function")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    try:
        found: Any = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and (module_name == error.name or module_name.startswith(f"{error.name}.")):
            raise BuildError(f"{target}: there is no module {error.name}, looking from {root}") from None
        raise BuildError(f"{target}: importing {module_name} failed: {error}") from None
    except Exception as error:  # noqa: BLE001 -- user code may raise anything while it is imported
        raise BuildError(f"{target}: importing {module_name} failed: {type(error).__name__}: {error}") from None
    for part in path.split("."):
        names = [name for name, value in vars(found).items() if callable(value)] if hasattr(found, "__dict__") else []
        if not hasattr(found, part):
            raise BuildError(f"{target}: {module_name} has no function {path}; {_choice(part, names)}")
        found = getattr(found, part)
    if not callable(found):
        raise BuildError(f"{target} is no function, but {type(found).__name__}")
    return found


def parse_argnums(text: str) -> Argnums:
    """``0``, ``x``, ``0,1`` or ``x0,k``, as written on a command line.

    >>> parse_argnums("x0, k"), parse_argnums("1")
    (('x0', 'k'), 1)
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    chosen = tuple(int(part) if part.lstrip("-").isdigit() else part for part in parts)
    if not chosen:
        raise BuildError(f"argnums {text!r} names no argument")
    return chosen if "," in text else chosen[0]


def check_argnums(argnums: Argnums, function: Callable[..., Any], where: str) -> None:
    """Raise if an index or name does not belong to a parameter of the function."""
    names = list(inspect.signature(plain(function)).parameters)
    for one in argnums if isinstance(argnums, tuple) else (argnums,):
        if isinstance(one, str) and one not in names:
            raise BuildError(f"{where}: there is no parameter {one!r}; {_choice(one, names)}")
        if isinstance(one, int) and not -len(names) <= one < len(names):
            raise BuildError(f"{where}: argnums {one} of {len(names)} parameters")


def _read_argnums(value: Any, function: Callable[..., Any], where: str) -> Argnums:
    argnums = tuple(value) if isinstance(value, list) else value
    for one in argnums if isinstance(argnums, tuple) else (argnums,):
        if isinstance(one, bool) or not isinstance(one, (int, str)):
            raise BuildError(f"{where}: argnums is an index, a parameter's name, or a list of those, not {value!r}")
    check_argnums(argnums, function, where)
    return argnums


def _expect_known(section: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in section:
        if key not in known:
            raise BuildError(f"{where}: there is no key {key!r}; {_choice(key, known)}")


def _choice(wrong: str, names: Iterable[str]) -> str:
    names = [name for name in names if not name.startswith("_")]
    near = difflib.get_close_matches(wrong, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names) or 'none'}"


# ---------------------------------------------------------------------------- hashes


def plain(function: Any) -> Any:
    """The Python function of a Numba dispatcher; any other function itself."""
    return getattr(function, "py_func", function)


def _hashed(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:HASH_LENGTH]


def source_hash(function: Callable[..., Any]) -> str:
    """Of the source of a function, of the functions that it calls, and of the constants that it reads."""
    parts: list[str] = []
    seen: set[int] = set()

    def visit(name: str, value: Any) -> None:
        value = plain(value)
        if isinstance(value, FunctionType):
            if id(value) in seen or value.__module__.partition(".")[0] in LIBRARIES:
                return
            seen.add(id(value))
            parts.extend((name, _source_of(value)))
            captured = inspect.getclosurevars(value)
            outside = {**captured.globals, **captured.nonlocals}
            for inner in sorted(outside):
                visit(inner, outside[inner])
                for attribute in _attributes(value.__code__):
                    if inspect.ismodule(outside[inner]) and attribute in vars(outside[inner]):
                        visit(f"{inner}.{attribute}", vars(outside[inner])[attribute])
        elif isinstance(value, (bool, int, float, complex, str, tuple, list, dict)):
            parts.extend((name, repr(value)))
        elif isinstance(value, np.ndarray):
            parts.extend((name, str(value.dtype), str(value.shape), value.tobytes().hex()))

    visit("", function)
    return _hashed(parts)


def _attributes(code: CodeType) -> list[str]:
    nested = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return sorted({*code.co_names, *(name for inner in nested for name in _attributes(inner))})


def _source_of(function: FunctionType) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return function.__code__.co_code.hex()


def options_hash(entry: Entry) -> str:
    return _hashed(repr(part) for part in (entry.products, entry.argnums, entry.signature, entry.jit))


def rules_hash() -> str:
    """Of all files that say what the derivative of a library function is."""
    folder = Path(__file__).parent / "rules"
    files = sorted(folder.rglob("*.py"))
    return _hashed(part for f in files for part in (f.relative_to(folder).as_posix(), f.read_text(encoding="utf-8")))


# ---------------------------------------------------------------------------- files


def render(module: Module) -> str:
    """The text of a generated file: a header with hashes, and what adgen generates."""
    from adgen.api import generate_module

    body = generate_module(list(module.entries)).strip("\n") + "\n"
    return _header(module, body) + body


def _header(module: Module, body: str) -> str:
    sources = sorted({entry.target.partition(":")[0] for entry in module.entries})
    lines = [
        f"# Written by adgen from {', '.join(sources)}.  Edit the original, then run `adgen build`.",
        f"{MARK}rules {rules_hash()} text {_hashed([body])}",
        *(
            f"{MARK}{entry.target} source {source_hash(entry.function)} options {options_hash(entry)}"
            for entry in module.entries
        ),
    ]
    return "\n".join(lines) + "\n"


def _read_header(text: str) -> tuple[dict[str, dict[str, str]], str]:
    """Hashes by target ("" for those of the whole file), and the text below the header."""
    lines = text.splitlines(keepends=True)
    hashes: dict[str, dict[str, str]] = {}
    end = 1
    for line in lines[1:]:
        if not line.startswith(MARK):
            break
        words = line.removeprefix(MARK).split()
        target = words.pop(0) if len(words) % 2 else ""
        hashes[target] = dict(zip(words[::2], words[1::2], strict=True))
        end += 1
    return hashes, "".join(lines[end:])


def write_whole(path: Path, text: str) -> None:
    """Replace a file at once: readers see the old text or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@dataclass(frozen=True)
class Outcome:
    """What became of one file: `action` is written, unchanged or failed."""

    path: Path
    action: str
    error: Exception | None = None


def build(modules: Iterable[Module]) -> list[Outcome]:
    """Write every module whose text is new; one that fails keeps its old file."""
    outcomes = []
    for module in modules:
        try:
            text = render(module)
            compile(text, str(module.path), "exec")
        except AdgenError as error:
            outcomes.append(Outcome(module.path, "failed", error))
            continue
        if module.path.exists() and module.path.read_text(encoding="utf-8") == text:
            outcomes.append(Outcome(module.path, "unchanged"))
            continue
        write_whole(module.path, text)
        outcomes.append(Outcome(module.path, "written"))
    return outcomes


def outdated(modules: Iterable[Module]) -> list[str]:
    """One sentence for each function whose generated code is not what would be generated now."""
    return [sentence for module in modules for sentence in _outdated(module)]


def _outdated(module: Module) -> list[str]:
    name = module.path.name
    if not module.path.exists():
        return [f"{entry.target}: {name} is missing" for entry in module.entries]
    text = module.path.read_text(encoding="utf-8")
    hashes, body = _read_header(text)
    whole = hashes.pop("", {})
    if whole.get("text") != _hashed([body]):
        return [f"{entry.target}: {name} was edited by hand" for entry in module.entries]
    rules_changed = whole.get("rules") != rules_hash()
    found = []
    for entry in module.entries:
        old = hashes.pop(entry.target, None)
        if old is None:
            found.append(f"{entry.target}: not in {name} yet")
            continue
        now = {"source": source_hash(entry.function), "options": options_hash(entry)}
        changed = [key for key in now if old.get(key) != now[key]] + ["rules"] * rules_changed
        if changed:
            found.append(f"{entry.target}: {' and '.join(changed)} changed since {name} was written")
    found += [f"{target}: in {name}, but no longer listed" for target in hashes]
    if not found and render(module) != text:
        found = [f"{entry.target}: this version of adgen writes another {name}" for entry in module.entries]
    return found
