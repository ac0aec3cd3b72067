"""Lines that are too long, broken inside brackets as `ruff format` would."""

from __future__ import annotations

WIDTH = 100
OPEN, CLOSE = "([{", ")]}"
OPERATORS = (" or ", " and ", " + ", " - ", " * ", " / ", " @ ")


def wrap_line(line: str, width: int = WIDTH) -> list[str]:
    """Break one logical line; what cannot be broken stays long.

    >>> for part in wrap_line("value = function(first_argument, second_argument)", 40):
    ...     print(part)
    value = function(
        first_argument, second_argument
    )
    """
    if len(line) <= width or "\\" in line or ("'" in line and '"' in line) or '"""' in line:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    pair = _widest_brackets(line)
    if pair is None or pair[1] - pair[0] < 20:
        return _in_parentheses(line, indent, width)
    start, end = pair
    head, inner, tail = line[: start + 1], line[start + 1 : end], line[end:]
    if len(head) > width:
        return _in_parentheses(line, indent, width)
    deeper = indent + "    "
    items = _split(inner, (", ",))
    if len(deeper + inner) <= width and not _is_star_or_single(line[start], items):
        middle = [deeper + inner]
    elif len(items) > 1:
        middle = [part for item in items for part in wrap_line(f"{deeper}{item},", width)]
    else:
        middle = _operands(inner, deeper, width)
    return [head, *middle, *wrap_line(indent + tail, width)]


def _is_star_or_single(bracket: str, items: list[str]) -> bool:
    return bracket == "(" and len(items) == 1 and items[0].endswith(",")


def _widest_brackets(line: str) -> tuple[int, int] | None:
    """The outermost pair of brackets that holds most text."""
    best, depth, start, quote = None, 0, 0, ""
    for position, char in enumerate(line):
        if quote:
            quote = "" if char == quote and line[position - 1] != "\\" else quote
        elif char in "\"'":
            quote = char
        elif char in OPEN:
            start = position if depth == 0 else start
            depth += 1
        elif char in CLOSE:
            depth -= 1
            if depth == 0 and (best is None or position - start > best[1] - best[0]):
                best = (start, position)
    return best


def _split(text: str, separators: tuple[str, ...]) -> list[str]:
    """Split at separators outside brackets and quotes; operators stay with what follows them."""
    parts, depth, begin, quote, position = [], 0, 0, "", 0
    while position < len(text):
        char = text[position]
        if quote:
            quote = "" if char == quote and text[position - 1] != "\\" else quote
        elif char in "\"'":
            quote = char
        elif char in OPEN or char in CLOSE:
            depth += 1 if char in OPEN else -1
        elif depth == 0:
            found = next((s for s in separators if text.startswith(s, position)), None)
            if found:
                parts.append(text[begin:position])
                begin = position + (len(found) if found == ", " else 1)
                position += len(found) - 1
        position += 1
    return [*parts, text[begin:]]


def _operands(inner: str, indent: str, width: int) -> list[str]:
    for separators in (OPERATORS[:1], OPERATORS[1:2], OPERATORS[2:4], OPERATORS[4:]):
        parts = _split(inner, separators)
        if len(parts) > 1:
            return [piece for part in parts for piece in wrap_line(indent + part, width)]
    return [indent + inner] if len(indent + inner) <= width else wrap_line(indent + inner, width)


def _in_parentheses(line: str, indent: str, width: int) -> list[str]:
    """``name = (`` operand per line ``)`` for long sums and products."""
    for word in (" = ", " += ", " -= ", "return "):
        head, found, rest = line.partition(word)
        if found and (word != "return " or not head.strip()):
            parts = _operands(rest, indent + "    ", width)
            if len(parts) == 1 or len(_split(rest, (", ",))) > 1:
                break
            return [f"{head}{word}(", *parts, f"{indent})"]
    return [line]
