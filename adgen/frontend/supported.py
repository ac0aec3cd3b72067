"""What Python adgen accepts, what it refuses, and why: the one table of both.

The specialiser looks up refused syntax here; ``manual()`` renders ``docs/supported-python.md``.  The reasons of
refusals by value stand where they are raised and say more there; here each slug has its general case.
"""

from __future__ import annotations

from collections.abc import Iterator

Entry = tuple[str, str, str, str]  # slug, what, why, what to write instead

REFUSED_EXPRESSIONS: dict[str, Entry] = {
    "Await": (
        "async",
        "await can't be differentiated",
        "the reverse sweep can't wait for the same events again.",
        "a plain function",
    ),
    "Starred": (
        "starred",
        "a starred expression can't stand here",
        "its length must be known.",
        "the items themselves",
    ),
}

REFUSED_STATEMENTS: dict[str, Entry] = {
    "AsyncFunctionDef": (
        "async",
        "async functions can't be differentiated",
        "the reverse sweep can't wait for the same events again.",
        "a plain function",
    ),
    "AsyncFor": (
        "async",
        "async for can't be differentiated",
        "the reverse sweep can't wait for the same events again.",
        "a plain loop",
    ),
    "AsyncWith": (
        "async",
        "async with can't be differentiated",
        "the reverse sweep can't wait for the same events again.",
        "a plain with",
    ),
    "ClassDef": (
        "local-class",
        "a class is defined inside the function",
        "it would be made anew at each call.",
        "define the class in the module",
    ),
    "TryStar": (
        "try",
        "except* is not supported",
        "the path that an exception takes must be recorded.",
        "an if that tests the condition before",
    ),
    "Delete": (
        "delete",
        "only names can be deleted",
        "items of containers are tracked when generating.",
        "build a new container",
    ),
    "TypeAlias": ("type-alias", "type statements inside functions", "they carry no value.", "move it to the module"),
}

# What the frontend accepts: construct -> one line.
ACCEPTED: dict[str, dict[str, str]] = {
    "Statements": {
        "`x = v`, `x: T = v`, `a, *b = v`": "names, items, attributes; unpacking of a known number of values",
        "`x += v`, `a[i] += v`, `o.x += v`": "arrays are updated in place, as in NumPy",
        "`if`, `elif`, `else`": "decided when generating where the condition is known, kept otherwise",
        "`for`": "over ranges, arrays, lists, tuples, dicts; zip, enumerate, reversed; known containers are unrolled; "
        "`np.ndindex`, `np.ndenumerate`, and `np.nditer` in the order of indices",
        "`yield`, `yield from`": "a loop over a generator stands at its `yield`; also under `@contextmanager`",
        "`while`": "any condition",
        "`break`, `continue`, `return`, `else` of loops": "anywhere in loops and branches",
        "`match`": "values, None, True, False, captures, `|` and guards",
        "`def`, `lambda`": "nested functions with closures, defaults, `*args`, `**kwargs`",
        "`global`, `nonlocal`": "globals are read only; enclosing variables may be written",
        "`assert`, `raise`": "kept, with their messages; what is caught is a jump to the handler",
        "`try`, `except`, `else`, `finally`": "what may raise is tested before or tried alone; known failures are "
        "decided when generating",
        "`with np.errstate(...)`": "its settings hold for the statements of the derivative that come from its body",
        "`with` others": "contextlib.suppress and nullcontext, warnings.catch_warnings, np.printoptions, and classes "
        "with `__enter__` and `__exit__`",
        "`del x`, `del a[k]`": "names, items of lists, and of dicts whose keys are known when generating",
        "`import`, `from ... import`": "inside functions, carried out when generating",
        "`pass`": "nothing",
    },
    "Expressions": {
        "numbers, text, names": "locals, closures, globals, builtins",
        "`+ - * / // % ** @`": "on numbers and arrays; the operators that a class defines",
        "`== != < <= > >= is in`": "chained comparisons too",
        "`and`, `or`, `not`, `x if c else y`": "only what is needed is evaluated",
        "`(name := value)`": "as a statement before it",
        "`a[i]`, `a[i:j:k]`, `a[mask]`, `a[[1, 2]]`": "NumPy's indices, with None and `...`",
        "`a.T`, `a.shape`, `o.x`": "attributes of arrays, objects, modules, classes",
        "f-strings": "for messages and print",
    },
    "Containers": {
        "tuples, named tuples": "also as arguments and results",
        "lists": "also such that grow at run time, with items of one type, with all their methods; deque; "
        "`heapq` and `bisect`",
        "dicts, sets": "with keys that are known when generating; defaultdict, OrderedDict, Counter, ChainMap",
        "iterators": "iter and next, map, filter, zip, itertools: over known items as in Python, item by item",
        "enumerations": "their members decide the code",
        "comprehensions, generator expressions": "unrolled, or a loop that appends",
        "objects": "attributes are followed when generating; properties with setters, descriptors, "
        "slots, `super()`, operators and other special methods; made inside and returned, too",
        "arguments": "numbers, arrays, and tuples, lists, dicts (keys: text, numbers, tuples), named tuples, "
        "dataclasses and objects of those; the gradient has the same structure, with None where there is none",
    },
    "Functions": {
        "Python functions and methods": "specialised at the place of the call, recursion included",
        "`functools.partial`, `@cache`, `@numba.njit`": "the function behind them is read",
        "classes written in Python": "instances are made when generating",
        "derivatives made by adgen": "differentiated again",
        "functions with a rule": "NumPy, math, SciPy, and those given to adgen.rule; `out=` and `where=` of ufuncs",
        "any function": "called when generating, if all its arguments are known",
    },
}

# What is refused by value, in general: (slug, what, why, what to write instead).
REFUSED_VALUES: tuple[Entry, ...] = (
    (
        "derivative-of-closure",
        "adgen.grad(f) of a function that is defined inside",
        "derivatives are made of functions that exist before the code is generated.",
        "a function of the module",
    ),
    (
        "ufunc-at",
        "ufunc.at with this kind of index",
        "only one array of integers, of rank 1, is supported there.",
        "a loop over the elements",
    ),
    (
        "attribute-write",
        "an attribute of this object can't be written",
        "the object lives outside of the function.",
        "a local variable",
    ),
    (
        "bad-index",
        "this can't index here",
        "indices are integers, slices, None, ..., and arrays of integers or bools, within bounds.",
        "a valid index",
    ),
    (
        "bool-index",
        "an array is indexed by a single bool",
        "it adds an axis of length 0 or 1, which is hardly ever meant.",
        "an if statement",
    ),
    (
        "branch-list",
        "a list or dict gets different entries in the branches of an if",
        "how many there are would be known only at run time.",
        "the same entries in both branches, or an array with a count",
    ),
    (
        "class",
        "this is not a Python class",
        "its instances have no source.",
        "numbers, arrays, or a class written in Python",
    ),
    ("complex-store", "a complex value is written into a real array", "NumPy drops the imaginary part.", "value.real"),
    ("consequence", "this value is not known", "of an earlier refusal.", "what that refusal says"),
    ("constant-error", "an operation on known values fails", "it always fails.", "a valid operation"),
    (
        "dynamic-filter",
        "this condition must be known when generating",
        "it decides how many values there are.",
        "a loop with an if",
    ),
    (
        "dynamic-key",
        "a dict is indexed by a value known only at run time",
        "entries of dicts are told apart when the derivative is generated.",
        "an array or a list, indexed by an integer",
    ),
    ("empty-list", "this list is empty", "reading from it always fails.", "append before reading"),
    (
        "except",
        "this can't be caught",
        "it is no exception class that is known when the derivative is generated.",
        "except ValueError:",
    ),
    ("extremum-key", "max or min with key=", "the choice depends on a function's values.", "a loop with an if"),
    (
        "finally-jump",
        "a jump out of a finally clause",
        "it would swallow whatever exception is on its way.",
        "the jump behind the try statement",
    ),
    (
        "generator",
        "a generator in map, zip, next, any, all and the like",
        "where it stands between two values is known only when all are taken at once.",
        "a loop over it, or list(generator(...))",
    ),
    (
        "global-write",
        "a global is written",
        "a global outlives the call, and its derivative would be lost.",
        "return the value",
    ),
    (
        "import",
        "this can't be imported",
        "imports are carried out when the derivative is generated.",
        "a module that is there, or try / except ImportError",
    ),
    (
        "integer-store",
        "a float is written into an array of integers",
        "NumPy rounds it or raises, and the derivative is lost.",
        "an array of dtype float: np.zeros(n, dtype=float), x.astype(float)",
    ),
    (
        "iteration",
        "this can't be looped over",
        "it is no range, array, list, or zip, enumerate or reversed of those.",
        "a loop over range(...)",
    ),
    ("long-unroll", "a loop over many separate values", "it would be written out once for each of them.", "an array"),
    ("missing-argument", "an instance lacks an argument", "the call would fail.", "pass it"),
    ("missing-key", "there is no such entry in this dict", "the lookup would raise KeyError.", "a key that is there"),
    (
        "mixed-list",
        "this list is indexed at run time, and its items are not all alike",
        "the derivative needs one type for what is read from it.",
        "an array, or a list of values of one type",
    ),
    (
        "must-be-known",
        "this must be known when the derivative is generated",
        "it decides the types of the results.",
        "a constant, or an argument of the function",
    ),
    (
        "nditer",
        "this use of np.nditer",
        "its order follows the memory of the array, which is known only at run time.",
        'np.nditer(a, order="C"), also with op_flags=["readwrite"]; np.ndindex(a.shape)',
    ),
    (
        "no-attribute",
        "this attribute can't be read",
        "it has no rule, or has not been set.",
        "the NumPy or math function that does the same, or set it first",
    ),
    ("no-method", "this method is not supported", "it has no rule.", "a NumPy function, or a loop"),
    (
        "no-rule",
        "this function has no rule and no Python source",
        "adgen differentiates source, or applies a rule.",
        "a rule: adgen.rule",
    ),
    (
        "no-source",
        "the source of this function can't be read",
        "adgen differentiates source text.",
        "a Python function in a file or a notebook cell, or a rule: adgen.rule",
    ),
    (
        "no-type",
        "this operation has no type here",
        "it fails on stand-ins of the same types, or gives neither numbers nor arrays.",
        "other arguments, or another function",
    ),
    (
        "not-a-number",
        "this can't be used as a number",
        "only numbers, arrays and lists of them exist in the derivative.",
        "numbers or arrays",
    ),
    (
        "not-callable",
        "this value can't be called",
        "it is not a function known when the derivative is generated.",
        "a function, a lambda or a method",
    ),
    (
        "not-indexable",
        "this value can't be indexed",
        "it is no array, list, tuple or dict.",
        "an array or a list; or give an argument's type by an annotation or a signature",
    ),
    (
        "not-writable",
        "this can't be written into",
        "it is no array, list or dict of the function.",
        "an array or a list",
    ),
    (
        "object-value",
        "an object is used as a number",
        "objects exist only while the derivative is generated.",
        "its attributes",
    ),
    ("pattern", "this pattern is not supported", "only values, None, captures and | are.", "if / elif"),
    ("raise", "this can't be raised", "it is no exception class.", "raise ValueError(...)"),
    (
        "re-raise",
        "raise without an exception, or of one of several kinds",
        "there is no handler around it, or who catches it next is decided at run time.",
        "raise an exception; one except clause for each kind",
    ),
    (
        "recursion",
        "a function calls itself too deeply",
        "the depth of the recursion is decided by values, not by types.",
        "a loop",
    ),
    (
        "random",
        "this method of a random generator is not supported",
        "it is no draw of numbers, or changes an array in place.",
        "x = rng.permutation(x), or another draw",
    ),
    (
        "refused-function",
        "this function can't be differentiated",
        "the reason stands in its rule.",
        "what the reason suggests",
    ),
    (
        "row-string",
        "a string in np.r_ or np.c_",
        "it tells axes and ranks in a language of its own.",
        "np.concatenate with axis=",
    ),
    (
        "result",
        "this can't be returned",
        "a function, an undecided value or an object has no derivative; only dataclasses are rebuilt.",
        "numbers, arrays, and containers of those",
    ),
    ("shape-assignment", "the shape of an array is assigned", "the array would change its type.", "x = x.reshape(...)"),
    ("syntax", "this syntax can't be differentiated", "it has no meaning for derivatives here.", "plain statements"),
    ("target", "this can't be assigned to", "it is no variable, item or attribute.", "a plain variable"),
    (
        "too-many-indices",
        "an array has too many indices",
        "NumPy would raise IndexError.",
        "as many indices as the array has axes",
    ),
    (
        "undecided-value",
        "this value depends on the path taken",
        "it has no common type on all paths.",
        "the same type for the variable on all paths",
    ),
    ("undefined", "this name is not defined", "reading it would raise NameError.", "define it first"),
    (
        "unknown-length",
        "items must be known when generating",
        "the number of items is decided at run time.",
        "a loop over an array",
    ),
    (
        "unpacking",
        "there are more or fewer values than variables",
        "the assignment would raise ValueError.",
        "as many variables as values",
    ),
    (
        "unstable-loop",
        "the types of a loop's variables do not settle",
        "an iteration changes the type of a variable each time.",
        "the same types in each iteration",
    ),
    (
        "warning-error",
        "warnings are made exceptions",
        "which operations warn is known to NumPy only.",
        'np.errstate(all="raise")',
    ),
    (
        "argument-key",
        "an argument is a dict with an object as key",
        "generated code has to write the key down.",
        "keys that are text or numbers",
    ),
    (
        "cyclic-argument",
        "an argument that is differentiated leads back to itself",
        "its gradient, which has the same structure, would have no end.",
        "an argument that holds the parameters only",
    ),
    (
        "impure-call",
        "a function depends on more than its arguments",
        "the derivative would be that of one call, frozen when it was made.",
        "pass what it returns as an argument",
    ),
    (
        "list-store",
        "an array is put in another's place in a list of run-time length",
        "which arrays of the list share memory afterwards is known only at run time.",
        "an array with one more axis",
    ),
    (
        "loop-structure",
        "an object gets other entries, or an iterator moves on, from one iteration to the next",
        "what it has after the loop would be known only at run time.",
        "make the entries before the loop; index instead of next()",
    ),
    (
        "not-understood",
        "an operation can't be carried out on the values at hand",
        "it fails on them, in Python too, or nothing provides for it.",
        "values of the types that it takes, or another spelling",
    ),
    (
        "shared-object",
        "an object is written that was chosen by a condition, and is known by another name too",
        "which of them changes is known only at run time.",
        "write it in both branches",
    ),
    (
        "spent-iterator",
        "an iterator is used a second time",
        "it gives its items once.",
        "list(...), or zip and enumerate again",
    ),
    (
        "where-without-out",
        "`where=` without `out=`",
        "the elements left out are whatever memory holds.",
        "np.where(mask, f(x), 0.0), or pass out=",
    ),
    (
        "with",
        "this context manager is not supported",
        "what it does at entry and exit is not known.",
        "np.errstate(...), contextlib.suppress(...), or a class with __enter__ and __exit__",
    ),
    (
        "wrong-call",
        "a function is called with the wrong arguments",
        "the call would raise TypeError.",
        "the arguments that the function takes",
    ),
)


def refusals() -> Iterator[Entry]:
    """All entries, sorted by slug."""
    named = (*REFUSED_EXPRESSIONS.values(), *REFUSED_STATEMENTS.values(), *REFUSED_VALUES)
    return iter(sorted(dict.fromkeys(named)))


def slugs() -> frozenset[str]:
    """The slugs that refusals of the frontend may have."""
    return frozenset(slug for slug, *_ in refusals())


NEWER = {"itertools": ["batched"], "math": ["sumprod"]}  # since Python 3.12: the page is the same for every Python


def carried_out() -> dict[str, list[str]]:
    """Names of the functions and methods that the frontend itself carries out."""
    from adgen.frontend import calls  # noqa: F401 - with all that fill the tables
    from adgen.frontend.handlers import HANDLERS, METHODS

    found = {module: list(named) for module, named in NEWER.items()}
    for function in HANDLERS:
        owner = getattr(function, "__objclass__", None) or getattr(function, "__self__", None)
        fallback = owner.__module__ if isinstance(owner, type) else "numpy"  # methods of ufuncs name no module
        module = (getattr(function, "__module__", None) or fallback).removeprefix("_")
        found.setdefault(module, []).append(function.__qualname__)
    names = {
        "array": "arrays",
        "list": "lists",
        "residual": "lists that grow",
        "tuple": "tuples",
        "dict": "dicts, sets",
    }
    found |= {f"methods of {names[kind]}": list(methods) for kind, methods in METHODS.items()}
    return {place: sorted(set(named)) for place, named in sorted(found.items())}


def manual() -> str:
    """The manual's page, as Markdown; anchors are the slugs that messages show."""
    lines = ["# Supported Python", "", "Generated from `adgen/frontend/supported.py`; do not edit.", ""]
    for title, rows in ACCEPTED.items():
        lines += [f"## {title}", "", *(f"- {construct}: {line}" for construct, line in rows.items()), ""]
    lines += ["## Carried out without a rule", ""]
    lines += [f"- {place}: {', '.join(f'`{name}`' for name in named)}" for place, named in carried_out().items()]
    lines += ["", "## Refused", ""]
    seen: set[str] = set()
    for slug, what, why, instead in refusals():
        if slug not in seen:
            lines += [f'### <a id="{slug}"></a>{slug}', ""]
        seen.add(slug)
        lines += [f"{what[0].upper()}{what[1:]}: {why} Write instead: {instead}.", ""]
    return "\n".join(lines)
