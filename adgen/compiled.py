"""Numba's faults at compiled derivatives, told as ours."""

from __future__ import annotations

import functools
import linecache
import re
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core.errors import NumbaError, NumbaWarning

from adgen.errors import InternalError
from adgen.kept import Ready
from adgen.loading import cache_folder, write_cached

FAULTS = (NumbaError, AssertionError, NotImplementedError, KeyError)


def compiled(call: Callable[..., Any], ready: Ready) -> Callable[..., Any]:
    """The compiled function; what Numba does not take of it is reported as a fault of adgen, with the program."""
    quiet(getattr(call, "py_func", call).__code__.co_filename)

    @functools.wraps(call)
    def run(*args: Any) -> Any:
        try:
            return call(*args)
        except FAULTS as error:
            if not isinstance(error, NumbaError) and not _is_numbas(error):
                raise
            raise fault(error, ready) from error

    run.dispatcher = call  # type: ignore[attr-defined]
    return run


def _is_numbas(error: BaseException) -> bool:
    """Whether an exception was raised by Numba's own code, not by the program."""
    last = traceback.extract_tb(error.__traceback__)[-1].filename
    return Path(numba.__file__).parent in Path(last).parents or isinstance(error, NotImplementedError)


@functools.cache
def quiet(file: str) -> None:
    """Numba's remarks on generated code (copies before products, lists) are none for its users."""
    warnings.filterwarnings("ignore", category=NumbaWarning, module=re.escape(str(Path(file).with_suffix(""))))


def fault(error: BaseException, ready: Ready) -> InternalError:
    """The report of a program that was generated and that Numba refuses."""
    text = str(error)
    reason = next((line.strip() for line in text.splitlines() if line.strip() and "pipeline" not in line), "unknown")
    place = re.findall(rf'File "([^"]*{re.escape(cache_folder().name)}[^"]*\.py)", line (\d+)', text)
    file = str(write_cached(ready.text, ready.name, ready.globals))
    line = int(place[-1][1]) if place else 0
    written = linecache.getline(file, line).strip() if line else ""
    return InternalError(
        "numba",
        f"Numba refuses the derivative {ready.name}, made by the stage lower: {file}"
        + (f", line {line}: {written}" if written else ""),
        None,
        reason=reason,
        remedy="jit=False, until this is mended",
    )
