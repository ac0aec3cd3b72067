"""What Python adgen refuses by syntax, and why.  The manual's page is generated from these tables."""

from __future__ import annotations

Entry = tuple[str, str, str, str]  # slug, what, why, what to write instead

REFUSED_EXPRESSIONS: dict[str, Entry] = {
    "Await": (
        "async",
        "await can't be differentiated",
        "the reverse sweep can't wait for the same events again.",
        "a plain function",
    ),
    "Yield": (
        "generator-expression",
        "a generator can't be differentiated",
        "the reverse sweep visits the items again, last to first; a generator runs once.",
        "a list, or an array",
    ),
    "YieldFrom": (
        "generator-expression",
        "a generator can't be differentiated",
        "the reverse sweep visits the items again, last to first; a generator runs once.",
        "a list, or an array",
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
    "Try": (
        "try",
        "try around numerical code is not supported yet",
        "the path that an exception takes must be recorded.",
        "an if that tests the condition before",
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
