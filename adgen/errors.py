"""What adgen says when it refuses: one layout, made by `_lay_out`, for every error.

An error knows the place in the user's file, what stands there, why it cannot be differentiated and what to
write instead.  The message is made when it is asked for, from the file as `linecache` has it then.
"""

from __future__ import annotations

import linecache
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from adgen.program.spans import Span

MANUAL_PAGE = "supported-python.html"
NUMBER_WIDTH = 5  # columns of the line numbers in an excerpt


class AdgenError(Exception):
    """A refusal or failure, with its place and its remedy.

    Attributes
    ----------
    slug
        Stable name of the refusal; also its anchor in the manual.
    what
        A few words beside the carets.
    span
        The place, or None where there is none (a built-in function, a wrong option).
    reason
        One sentence of mathematics or semantics: why.
    remedy
        Code to write instead.
    chain
        Calls that led into the function at fault, innermost first.
    """

    def __init__(
        self,
        slug: str,
        what: str = "",
        span: Span | None = None,
        *,
        reason: str = "",
        remedy: str = "",
        chain: Iterable[Span] = (),
    ) -> None:
        super().__init__(slug, what, span)
        self.slug = slug
        self.what = what
        self.span = span
        self.reason = reason
        self.remedy = remedy
        self.chain = tuple(chain)
        self.raises: type[BaseException] | None = None  # what the function itself always raises at this place

    def called_from(self, span: Span) -> AdgenError:
        """Note one more call, outside those known, that led here; returns the error itself."""
        self.chain += (span,)
        return self

    def __str__(self) -> str:
        return _lay_out(self)


class UnsupportedSyntax(AdgenError):
    """A construct of Python outside the accepted language."""


class MissingRule(AdgenError):
    """A function without a rule and without Python source; the remedy is the row to fill in."""


class CannotInfer(AdgenError):
    """A type, shape or alias that decides the code and cannot be known."""


class SeparateSweeps(CannotInfer):
    """Several seeds can't share one sweep; each of them can have one of its own."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "several-seeds",
            "this Jacobian can't be computed in one sweep",
            None,
            reason=reason,
            remedy="adgen.jacrev(f) in Python, which then makes a sweep for each row; or adgen.vjp, adgen.jvp",
        )


class NotScalar(AdgenError):
    """The gradient of something that is not one number was asked for."""


class BackendRefused(AdgenError):
    """Numba, or another consumer of the generated code, refused it."""


class InternalError(AdgenError):
    """A fault of adgen, not of the user's program."""


class MeaninglessDerivative(UserWarning):
    """A derivative that is zero although the result depends on the argument: by branches or by rounding only."""


def meaningless(span: Span | None, function: str, *, rounding: bool) -> MeaninglessDerivative:
    """The warning, with the place, the reason and what to write instead."""
    where = "" if span is None else f"{shortest_path(span.file)}:{span.line}: "
    if rounding:
        reason = "the result depends on the argument only through values that are rounded here"
        remedy = "differentiate the value before it is rounded; adgen.stop_gradient says that zero is meant"
    else:
        reason = "the result depends on the argument only through which branch runs here"
        remedy = (
            "if a root or a fixed point is sought, take one Newton step at the end, or state the derivative by the "
            "implicit function theorem: adgen.rule"
        )
    return MeaninglessDerivative(f"{where}the derivative of {function} is zero everywhere: {reason}.\n  try: {remedy}")


class Refusals(AdgenError):
    """All refusals of one function, in the order of the source."""

    def __init__(self, errors: Iterable[AdgenError]) -> None:
        self.errors = _in_order_of_source(errors)
        first = self.errors[0]
        super().__init__(
            first.slug, first.what, first.span, reason=first.reason, remedy=first.remedy, chain=first.chain
        )
        self.args = (self.errors,)

    def called_from(self, span: Span) -> Refusals:
        for error in self.errors:
            error.called_from(span)
        super().called_from(span)
        return self

    def __str__(self) -> str:
        return "\n\n".join(str(error) for error in self.errors)


def raise_all(errors: Iterable[AdgenError]) -> None:
    """Raise nothing, the one error, or all of them together."""
    found = list(errors)
    if len(found) == 1:
        raise found[0]
    if found:
        raise Refusals(found)


def _in_order_of_source(errors: Iterable[AdgenError]) -> tuple[AdgenError, ...]:
    """Flattened, each place and slug once; errors without a place come last."""
    flat: dict[tuple[object, ...], AdgenError] = {}
    for error in errors:
        for one in error.errors if isinstance(error, Refusals) else (error,):
            flat.setdefault((one.slug, one.span, one.what), one)

    def position(error: AdgenError) -> tuple[bool, str, int, int]:
        span = error.span
        return (True, "", 0, 0) if span is None else (False, span.file, span.line, span.column)

    return tuple(sorted(flat.values(), key=position))


def _lay_out(error: AdgenError) -> str:
    lines = [f"adgen: {type(error).__name__} [{error.slug}]"]
    if error.span is not None:
        lines.append(f"  {_place(error.span)}")
        lines += [f"  called from {_place(call)}" for call in error.chain]
        lines += ["", *_excerpt(error.span, error.what)]
    elif error.what:
        lines += ["", f"  {error.what}"]
    advice: list[str] = []
    if error.reason:
        advice += _paragraph("why:", error.reason)
    if error.remedy:
        advice += _paragraph("try:", error.remedy)
    if isinstance(error, InternalError):
        advice += _paragraph("report:", "this is a fault of adgen; the program above reproduces it")
    else:
        advice += _paragraph("manual:", f"{MANUAL_PAGE}#{error.slug}")
    return "\n".join([*lines, "", *advice])


def _paragraph(label: str, text: str) -> list[str]:
    first, *rest = text.rstrip().split("\n")
    return [f"  {label:<8}{first}", *(f"{'':10}{line}".rstrip() for line in rest)]


def _place(span: Span) -> str:
    where = f", in {span.function}()" if span.function else ""
    return f"{shortest_path(span.file)}, line {span.line}{where}"


def shortest_path(file: str) -> str:
    """The path relative to the working directory, if that is shorter.

    >>> shortest_path("<stdin>")
    '<stdin>'
    """
    if file.startswith("<"):
        return file
    try:
        relative = os.path.relpath(file)
    except ValueError:  # another drive
        return file
    return Path(relative).as_posix() if len(relative) < len(file) else file


def _excerpt(span: Span, what: str) -> list[str]:
    """The line before, the line, and carets under the range; without source, only what was found."""
    source = linecache.getline(span.file, span.line).rstrip("\r\n")
    if not source.strip():
        return [f"  {what}"]
    before = linecache.getline(span.file, span.line - 1).rstrip() if span.line > 1 else ""
    shown = [_numbered(span.line - 1, before)] if before else []
    shown.append(_numbered(span.line, source))
    start = _characters(source, span.column)
    end = _characters(source, span.end_column) if span.end_line == span.line else len(source.rstrip())
    padding = "".join("\t" if c == "\t" else " " * _width(c) for c in source[:start])
    carets = "^" * max(1, sum(_width(c) for c in source[start:end]))
    return [*shown, f"{'':{NUMBER_WIDTH}} | {padding}{carets} {what}".rstrip()]


def _numbered(number: int, source: str) -> str:
    return f"{number:>{NUMBER_WIDTH}} | {source}"


def _characters(source: str, offset: int) -> int:
    """Character index of a column of `ast`, which counts bytes of UTF-8."""
    return len(source.encode()[:offset].decode(errors="ignore"))


def _width(character: str) -> int:
    """Columns that a character takes on a terminal."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
