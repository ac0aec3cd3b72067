"""Small random programs in the language of derivative functions: numbers, arrays, views, loops, branches."""

from __future__ import annotations

import gast
from hypothesis import strategies as st

from adgen.optimize.showing import array
from adgen.program.function import Function
from adgen.program.types import FLOAT, INT, ListOf

SIZE = 4
PARAMS = ("a", "b", "ps", "qs")
NUMBERS = ["x", "y", "x1", "z", "t1", "t2", "t3", "t4", "x_bar", "y_bar", "t1_bar"]
ARRAYS = ["us", "vs", "us1", "t5", "t6", "us_bar", "vs_bar", "tape"]
VIEWS = ["hs", "t7"]
LISTS = ["items", "stack"]
TYPES = {
    **dict.fromkeys([*NUMBERS, "a", "b"], FLOAT),
    **dict.fromkeys([*ARRAYS, "ps", "qs"], array(SIZE)),
    **dict.fromkeys(VIEWS, array(2)),
    **dict.fromkeys(LISTS, ListOf(FLOAT)),
    **dict.fromkeys(["i", "j", "m"], INT),
}
TEMPORARIES = frozenset(n for n in TYPES if n[0] == "t" and n != "tape")


class Writer:
    """Draws statements whose reads are all defined."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.budget = draw(st.integers(4, 26))

    def pick(self, items: list[str]) -> str:
        return self.draw(st.sampled_from(items))

    def known(self, names: list[str], defined: set[str]) -> list[str]:
        return [n for n in [*names, *PARAMS] if n in defined and (TYPES[n] == TYPES[names[0]])]

    def index(self, defined: set[str]) -> str:
        return self.pick([n for n in ("i", "j") if n in defined] * 3 + ["0", "2"])

    def number(self, defined: set[str], depth: int = 0) -> str:
        names = self.known(NUMBERS, defined)
        arrays = self.known(ARRAYS, defined)
        kinds = ["name"] * 4 + ["constant", "element", "element"]
        kinds += ["binary"] * 4 + ["negative", "sin", "sum"] if depth < 2 else []
        kind = self.pick(kinds)
        if kind == "name":
            return self.pick(names)
        if kind == "constant":
            return self.pick(["0.0", "1.0", "0.5", "2.0"])
        if kind == "element":
            return f"{self.pick(arrays)}[{self.index(defined)}]"
        if kind == "sum":
            return f"np.sum({self.pick(arrays)})"
        if kind == "negative":
            return f"(-{self.number(defined, depth + 1)})"
        if kind == "sin":
            return f"np.sin({self.number(defined, depth + 1)})"
        op = self.pick(["+", "-", "*", "*", "/"])
        right = self.pick(["2.0", "4.0"]) if op == "/" else self.number(defined, depth + 1)
        return f"({self.number(defined, depth + 1)} {op} {right})"

    def array(self, defined: set[str], depth: int = 0) -> str:
        names = self.known(ARRAYS, defined)
        kinds = ["name", "zeros", "copy", "sin"] + ["binary", "scaled"] * (2 if depth < 2 else 0)
        kind = self.pick(kinds if depth else [*kinds, "zeros", "view"])
        if kind == "name" or kind == "view":
            return self.pick(names) + ("[:]" if kind == "view" else "")
        if kind == "zeros":
            return f"np.zeros_like({self.pick(names)})"
        if kind == "copy":
            return f"{self.pick(names)}.copy()"
        if kind == "sin":
            return f"np.sin({self.array(defined, depth + 1)})"
        right = self.array(defined, depth + 1)
        left = self.array(defined, depth + 1) if kind == "binary" else self.number(defined, depth + 1)
        return f"({left} {self.pick(['+', '-', '*'])} {right})"

    def block(self, defined: set[str], indent: str, depth: int) -> None:
        for _ in range(self.draw(st.integers(1, 6 if depth else 12))):
            if self.budget <= 0:
                break
            self.budget -= 1
            self.statement(defined, indent, depth)
        self.lines.append(f"{indent}pass")

    def statement(self, defined: set[str], indent: str, depth: int) -> None:
        kinds = ["define"] * 5 + ["array"] * 3 + ["store", "add", "accumulate", "augment_array", "view"] * 2
        kinds += ["swap", "copy", "copy", "list"] + (["for", "for", "if", "while", "pair", "pair"] if depth < 2 else [])
        getattr(self, "write_" + self.pick(kinds))(defined, indent, depth)

    def put(self, indent: str, line: str) -> None:
        self.lines.append(indent + line)

    def write_define(self, defined: set[str], indent: str, depth: int) -> None:
        name = self.pick(NUMBERS)
        self.put(indent, f"{name} = {self.number(defined)}")
        defined.add(name)

    def write_copy(self, defined: set[str], indent: str, depth: int) -> None:
        name = self.pick(NUMBERS)
        self.put(indent, f"{name} = {self.pick(self.known(NUMBERS, defined))}")
        defined.add(name)

    def write_array(self, defined: set[str], indent: str, depth: int) -> None:
        name = self.pick(ARRAYS)
        value = self.array(defined)
        if value in PARAMS or value.endswith("[:]") and value[:-3] in PARAMS:
            value = f"{value}.copy()"
        self.put(indent, f"{name} = {value}")
        defined.add(name)

    def write_view(self, defined: set[str], indent: str, depth: int) -> None:
        arrays = [n for n in self.known(ARRAYS, defined) if n not in PARAMS]
        if not arrays:
            return
        name = self.pick(VIEWS)
        self.put(indent, f"{name} = {self.pick(arrays)}[{self.pick(['1:3', ':2'])}]")
        defined.add(name)

    def write_store(self, defined: set[str], indent: str, depth: int) -> None:
        self._store(defined, indent, "=")

    def write_add(self, defined: set[str], indent: str, depth: int) -> None:
        self._store(defined, indent, self.pick(["+=", "-="]))

    def _store(self, defined: set[str], indent: str, op: str) -> None:
        views = [n for n in VIEWS if n in defined]
        arrays = [n for n in self.known(ARRAYS, defined) if n not in PARAMS]
        if views and self.draw(st.booleans()):
            self.put(indent, f"{self.pick(views)}[{self.pick(['0', '1', ':'])}] {op} {self.number(defined)}")
        elif arrays and self.draw(st.integers(0, 3)):
            self.put(indent, f"{self.pick(arrays)}[{self.index(defined)}] {op} {self.number(defined)}")
        elif arrays:
            self.put(indent, f"{self.pick(arrays)}[:] {op} {self.array(defined, 1)}")

    def write_accumulate(self, defined: set[str], indent: str, depth: int) -> None:
        names = [n for n in self.known(NUMBERS, defined) if n not in PARAMS]
        if names:
            self.put(indent, f"{self.pick(names)} {self.pick(['+=', '-='])} {self.number(defined)}")

    def write_augment_array(self, defined: set[str], indent: str, depth: int) -> None:
        names = [n for n in self.known(ARRAYS, defined) if n not in PARAMS]
        if names:
            value = self.array(defined, 1) if self.draw(st.booleans()) else self.number(defined, 1)
            self.put(indent, f"{self.pick(names)} {self.pick(['+=', '-='])} {value}")

    def write_swap(self, defined: set[str], indent: str, depth: int) -> None:
        names = [n for n in self.known(NUMBERS, defined) if n not in PARAMS]
        if len(names) > 1:
            one, two = names[0], names[-1]
            self.put(indent, f"{one}, {two} = {two}, {self.pick([one, *self.known(NUMBERS, defined)])}")

    def write_list(self, defined: set[str], indent: str, depth: int) -> None:
        lists = [n for n in LISTS if n in defined]
        if depth == 0 and (not lists or self.draw(st.integers(0, 5)) == 0):
            name = self.pick(LISTS)
            self.put(indent, f"{name} = []")
            defined.add(name)
        elif lists:
            name = self.pick(lists)
            if self.draw(st.booleans()):
                self.put(indent, f"{name}.append({self.pick(self.known(NUMBERS, defined))})")
            else:
                target = self.pick(NUMBERS)
                self.put(indent, f"{name}.append({self.pick(self.known(NUMBERS, defined))})")
                self.put(indent, f"{target} = {name}.pop()")
                defined.add(target)

    def write_for(self, defined: set[str], indent: str, depth: int) -> None:
        index = "ij"[depth]
        inside = {*defined, index}
        header = self.pick(["range(4)", "range(4 - 1, -1, -1)", "range(3, -1, -1)", "range(ps.size)"])
        self.put(indent, f"for {index} in {header}:")
        self.block(inside, indent + "    ", depth + 1)

    def write_pair(self, defined: set[str], indent: str, depth: int) -> None:
        """Two loops over one range, as the sweeps of an adjoint are; often independent, but not always."""
        index = "ij"[depth]
        first = self.pick(["range(4)", "range(4)", "range(4 - 1, -1, -1)"])
        for header in (first, self.pick(["range(4)", "range(4 - 1, -1, -1)"])):
            self.put(indent, f"for {index} in {header}:")
            inside = {*defined, index}
            for _ in range(self.draw(st.integers(1, 4))):
                self.pair_statement(inside, index, indent + "    ")
            self.put(indent, "    pass")
            if header is first and self.draw(st.integers(0, 2)) == 0:
                self.pick_one(["define", "array", "accumulate"])(defined, indent, depth)

    def pick_one(self, kinds: list[str]):
        return getattr(self, "write_" + self.pick(kinds))

    def pair_statement(self, inside: set[str], index: str, indent: str) -> None:
        arrays = [n for n in self.known(ARRAYS, inside) if n not in PARAMS]
        place = self.pick([index] * 6 + ["0"])
        kind = self.pick(["define"] * 3 + (["add", "add", "store", "forward"] if arrays else []) + ["sum"])
        value = self.number(inside)
        if kind == "define":
            name = self.pick(["t1", "t2", "t3", "x", "y_bar"])
            self.put(indent, f"{name} = {value}")
            inside.add(name)
        elif kind == "sum":
            self.write_accumulate(inside, indent, 1)
        elif kind == "forward":
            name = self.pick(self.known(NUMBERS, inside))
            self.put(indent, f"{self.pick(arrays)}[{place}] = {name}")
        else:
            op = "=" if kind == "store" else self.pick(["+=", "-="])
            self.put(indent, f"{self.pick(arrays)}[{place}] {op} {value}")

    def write_while(self, defined: set[str], indent: str, depth: int) -> None:
        if depth:
            return
        self.put(indent, "m = 0")
        self.put(indent, "while m < 3:")
        self.put(indent, "    m = m + 1")
        self.block({*defined}, indent + "    ", depth + 1)
        if self.draw(st.booleans()):
            self.put(indent, f"    if {self.pick(self.known(NUMBERS, defined))} > 0.2:")
            self.put(indent, "        break")

    def write_if(self, defined: set[str], indent: str, depth: int) -> None:
        then, other = set(defined), set(defined)
        self.put(indent, f"if {self.pick(self.known(NUMBERS, defined))} > 0.3:")
        self.block(then, indent + "    ", depth + 1)
        if self.draw(st.booleans()):
            self.put(indent, "else:")
            self.block(other, indent + "    ", depth + 1)
        defined |= then & other


@st.composite
def programs(draw: st.DrawFn) -> tuple[Function, str]:
    """A function and its text."""
    writer = Writer(draw)
    defined = set(PARAMS)
    writer.block(defined, "    ", 0)
    results = [n for n in [*NUMBERS, *ARRAYS, *VIEWS] if n in defined]
    chosen = draw(st.lists(st.sampled_from(results or ["a"]), min_size=1, max_size=3, unique=True))
    text = "\n".join([f"def f({', '.join(PARAMS)}):", *writer.lines, f"    return {', '.join(chosen)}"])
    body = gast.parse(text).body[0].body
    return Function("f", PARAMS, tuple(body), TYPES, TEMPORARIES), text
