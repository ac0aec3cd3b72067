"""Random programs as source text: loops, branches, mutation, views, aliases, index arrays, masks, containers, calls.

Every program is analytic where it is smooth and takes complex arguments, so the complex step is exact however
near a branch point lies.  Values stay tame: what grows is damped by a sine or a factor below one.  Choices are
asked of a `Choose`; its first alternative is always the simplest, so Hypothesis shrinks towards it.
"""

import linecache
from itertools import count

import numpy as np

from tests.properties.random_expressions import Choose, M, N
from tests.properties.random_sizes import Sizes
from tests.properties.random_writes import HELPERS

DEEPEST = 3
LONGEST = 6  # statements of a block
LARGEST = 18  # statements of a program
TAME = 1e4

STRAIGHT = (
    "scalar",
    "vector",
    "element",
    "slice",
    "augmented",
    "view",
    "alias",
    "matrix",
    "matrix part",
    "matrix part",
    "scatter",
    "mask",
    "swap",
    "call",
    "mutating call",
    "add at",
    "rebind view",
    "sum",
    "overlap",
    "whole",
    "exchange",
    "matrix view",
    "container",
    "counts",
    "zero dim",
    "list",
    "list change",
    "list change",
    "list walk",
    "loose",
    "loose",
    "loose use",
    "loose use",
    "loose list",
    "left behind",
)
NESTED = ("if", "for", "while", "items", "if", "for", "rows", "forever", "gathering")


class Writer(Sizes):
    """Writes one program."""

    def __init__(self, choose: Choose) -> None:
        super().__init__(choose)
        self.loops: list[str] = []
        self.budget = LARGEST

    def block(self, depth: int, longest: int = LONGEST) -> None:
        """At least one statement; names that it defines are forgotten at its end."""
        saved = self.saved()
        self.statement(depth)
        for _ in range(longest - 1):
            if self.budget <= 0 or not self.choose([False, True, True] if depth else [False] + [True] * 4):
                break
            self.statement(depth)
        if depth:
            self.restore(saved)

    def statement(self, depth: int) -> None:
        self.budget -= 1
        kinds = list(STRAIGHT)
        if depth < DEEPEST:
            kinds += NESTED
        if self.loops:
            kinds += ["leave", "leave", "leave"]
        if depth:
            kinds.append("return")
        getattr(self, "write_" + self.choose(kinds).replace(" ", "_"))(depth)

    def write_if(self, depth: int) -> None:
        self.emit(f"if {self.condition()}:", depth)
        self.block(depth + 1, 3)
        if self.choose([False, False, True]):
            self.emit(f"elif {self.condition()}:", depth)
            self.block(depth + 1, 2)
        if self.choose([False, True]):
            self.emit("else:", depth)
            self.block(depth + 1, 3)

    # -- loops

    def write_for(self, depth: int) -> None:
        i = self.new("i")
        inner = [self.counters[-1], f"{self.counters[-1]}, 4", f"{self.counters[-1]}, -1, -1"] if self.counters else []
        bounds = self.choose(["3", "n", "1, 4", "4, 0, -1", "0", "n, 0, -2", "0, 5, n - 1", *inner])
        self.emit(f"for {i} in range({bounds}):", depth)
        self.loop_body(i, depth)

    def write_items(self, depth: int) -> None:
        i, item = self.new("i"), self.new("s")
        v = self.choose([*self.vectors, *self.containers])
        walk = self.choose(["enumerate({})", "enumerate(reversed({}))", "enumerate({}[::2])", "zip(range(5), {})"])
        self.emit(f"for {i}, {item} in {walk.format(v)}:", depth)
        self.loop_body(i, depth, item)

    def write_rows(self, depth: int) -> None:
        """Rows or columns of a matrix, which are views of it."""
        i, row = self.new("i"), self.new("r")
        m = self.choose(self.matrices)
        rows, length = self.choose([(m, N), (f"{m}.T", M), (f"{m}[1:]", N), (f"{m}[::-1]", N)])
        self.emit(f"for {i}, {row} in enumerate({rows}):", depth)
        self.vectors[row] = length
        self.loop_body(i, depth)
        del self.vectors[row]

    def loop_body(self, counter: str, depth: int, item: str | None = None) -> None:
        before = list(self.scalars)
        self.counters.append(counter)
        self.loops.append("for")
        if item:
            self.scalars.append(item)
        self.block(depth + 1, 4)
        self.loops.pop()
        self.counters.pop()
        self.scalars = before
        if self.choose([False, False, False, True]):
            self.emit("else:", depth)
            self.block(depth + 1, 2)

    def write_while(self, depth: int) -> None:
        i = self.new("j")
        self.emit(f"{i} = 0", depth)
        bounds = [f"{i} < 4", f"{i} < 5 and {self.scalar(1)} < {self.number()}"]
        self.emit(f"while {self.choose([*bounds, f'{i} < 6 and not {self.condition(0)}'])}:", depth)
        self.emit(f"{i} += 1", depth + 1)
        self.loop_body(i, depth)

    def write_forever(self, depth: int) -> None:
        i = self.new("j")
        self.emit(f"{i} = 0", depth)
        self.emit("while True:", depth)
        self.emit(f"{i} += 1", depth + 1)
        self.emit(f"if {i} > 4 or {self.condition(0)}:", depth + 1)
        self.emit("break", depth + 2)
        self.counters.append(i)
        self.loops.append("while")
        self.block(depth + 1, 3)
        self.loops.pop()
        self.counters.pop()

    def write_gathering(self, depth: int) -> None:
        """A list that grows, and what is made of it."""
        found, i = self.new("g"), self.new("i")
        self.emit(f"{found} = [{self.scalar(1)}]", depth)
        self.emit(f"for {i} in range({self.choose(['3', 'n', '4'])}):", depth)
        self.counters.append(i)
        self.emit(f"{found}.append(0.7 * {found}[-1] + {self.scalar(1)})", depth + 1)
        if self.choose([False, True]):
            self.emit(f"if {self.condition(0)}:", depth + 1)
            self.emit("break", depth + 2)
        self.counters.pop()
        name = self.new("s")
        forms = [f"{found}[-1]", f"sum({found})", f"0.3 * np.sum(np.array({found}))", f"{found}[0] * {found}[-1]"]
        self.emit(f"{name} = {self.choose(forms)}", depth)
        self.scalars.append(name)

    # -- jumps

    def write_leave(self, depth: int) -> None:
        self.emit(f"if {self.condition()}:", depth)
        if self.choose([False, True]):
            saved = self.saved()
            self.statement(depth + 1) if depth < DEEPEST else self.write_element(depth + 1)
            self.restore(saved)
        self.emit(self.choose(["break", "continue"]), depth + 1)

    def write_return(self, depth: int) -> None:
        self.emit(f"if {self.condition()}:", depth)
        forms = ["a * b, x * 0.5, m * 1.0", f"{self.scalar(1)}, {self.vector(N)}, {self.matrix()}", "a, x, m"]
        self.emit(f"return {self.choose(forms)}", depth + 1)

    def write_program(self) -> str:
        self.block(0, LONGEST * 2)
        s = " + ".join([*self.scalars, *(f"{z}[()]" for z in self.zero_dim)])
        s = "".join([s, *(f" + np.sum(np.sin({w}))" for w in self.loose)])
        long = [name for name, n in self.vectors.items() if n == N] + self.containers + self.counts
        v = " + ".join(f"{0.5 + 0.1 * i:.1f} * {name}" for i, name in enumerate(long))
        for length in (3, M, 1):
            short = [name for name, n in self.vectors.items() if n == length]
            if short:
                s += f" + np.sum({' * '.join(short)})"
        self.emit(f"return {s}, {v}, {' * '.join(self.matrices)}", 0)
        head = f"{HELPERS}\ndef program(a, b, x, y, m, k, n):\n"
        return head + "\n".join(self.lines) + "\n"


def write_program(choose: Choose) -> str:
    return Writer(choose).write_program()


_files = count()


def load_program(text: str, function: str = "program"):
    """Run the text as a module that `linecache` knows, so that the source of its functions can be read."""
    name = f"<random program {next(_files)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    namespace: dict = {"__name__": "random_program"}
    exec(compile(text, name, "exec"), namespace)
    return namespace[function]


def sample_arguments(seed: int) -> tuple:
    """Arguments of ``program(a, b, x, y, m, k, n)``; the index array repeats entries.

    Memory is laid out as the seed says: in order, by columns, or as a part of larger arrays.
    """
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(-1, 1, 2)
    x, y = rng.uniform(-1, 1, (2, N))
    m = rng.uniform(-1, 1, (M, N))
    match seed % 4:
        case 1:
            m = np.asfortranarray(m)
        case 2:
            x, y = np.repeat(x, 2)[::2], y[::-1]
            m = np.repeat(m, 2, axis=1)[:, ::2]
        case 3:
            y.flags.writeable = False
    return np.float64(a), np.float64(b), x, y, m, rng.integers(0, N, N), 3


def is_tame(function, args: tuple) -> bool:
    """Whether the program runs, and its values are of moderate size."""
    try:
        result = function(*(arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args))
    except (ValueError, IndexError, ZeroDivisionError, UnboundLocalError):
        return False
    return all(np.all(np.abs(part) < TAME) for part in result)
