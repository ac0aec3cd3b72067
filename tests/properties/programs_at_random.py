"""Random programs as source text: loops, branches, mutation, views, aliases, index arrays, masks, calls.

Every program is analytic where it is smooth and takes complex arguments, so the complex step is exact however
near a branch point lies.  Values stay tame: what grows is damped by a sine or a factor below one.  Choices are
asked of a `Chooser`; its first alternative is always the simplest, so Hypothesis shrinks towards it.
"""

import linecache
from collections.abc import Callable, Sequence
from itertools import count

import numpy as np

N = 5  # length of vectors
M = 4  # rows of the matrix
DEEPEST = 3
LONGEST = 6  # statements of a block

HELPERS = """\
import numpy as np


def scale(v, s):
    v *= 0.9 * np.cos(s)


def shift_up(v):
    v[1:] += 0.5 * v[:-1]


def put(v, i, s):
    v[i] = 0.5 * v[i] + s
    return v[0]


def mix(s, t):
    return 0.5 * (s - t), s * np.tanh(t)


def soft_sum(v):
    total = v[0]
    for i in range(1, len(v)):
        if total > 1.5:
            return total * 0.5
        total = total + np.sin(v[i])
    return total


def tail(v):
    return v[1:]

"""

Choose = Callable[[Sequence], object]


class Writer:
    """Writes one program; `scopes` maps each name that may be read to its kind."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.lines: list[str] = []
        self.scalars = ["a", "b"]
        self.vectors = {"x": N, "y": N}
        self.matrices = ["m"]
        self.counters: list[str] = []
        self.fresh = count()
        self.loops: list[str] = []
        self.budget = 25

    # -- expressions

    def number(self) -> str:
        return self.choose(["0.5", "0.3", "0.8", "-0.4", "1.1"])

    def position(self, length: int) -> str:
        """An index valid for every length from three on."""
        fixed = ["0", "1", "2", "-1"]
        return self.choose(fixed + [f"({c}) % {length}" for c in self.counters[-2:]])

    def of_length(self, length: int) -> str:
        """A vector of the given length: a name, or part of one."""
        found = [name for name, n in self.vectors.items() if n == length]
        if length == N:
            found += [f"{m}[{self.choose(['0', '1', '-1'])}]" for m in self.matrices]
        if length < N:
            whole = [name for name, n in self.vectors.items() if n == N]
            cut = N - length
            found += [f"{name}[{part}]" for name in whole for part in (f"{cut}:", f":{length}", f":{-cut}")]
            if length == 3:
                found += [f"{name}[::2]" for name in whole]
        return self.choose(found)

    def scalar(self, depth: int = 2) -> str:
        forms = ["name", "number"]
        if depth:
            forms += ["sine", "sum", "product", "element", "matrix element", "tanh", "reduction", "square"]
        match self.choose(forms):
            case "name":
                return self.choose(self.scalars)
            case "number":
                return self.number()
            case "sine":
                return f"np.sin({self.scalar(depth - 1)})"
            case "tanh":
                return f"np.tanh({self.scalar(depth - 1)})"
            case "sum":
                sign = self.choose(["+", "-"])
                return f"({self.number()} * {self.scalar(depth - 1)} {sign} {self.scalar(depth - 1)})"
            case "product":
                return f"{self.choose(self.scalars)} * np.cos({self.scalar(depth - 1)})"
            case "square":
                return f"np.sin({self.choose(self.scalars)}) ** 2"
            case "element":
                name = self.choose(list(self.vectors))
                return f"{name}[{self.position(self.vectors[name])}]"
            case "matrix element":
                return f"{self.choose(self.matrices)}[{self.position(M)}, {self.position(N)}]"
            case _:
                name = self.choose(list(self.vectors))
                return self.choose([f"np.mean({name})", f"0.2 * np.sum({name} * {name})", f"np.max({name})"])

    def vector(self, length: int, depth: int = 1) -> str:
        forms = ["name"]
        if depth:
            forms += ["sine", "sum", "product", "scaled", "where"]
            if length == N:
                forms += ["gather", "row sum", "product with matrix", "reversed", "sorted"]
        match self.choose(forms):
            case "name":
                return self.of_length(length)
            case "sine":
                return f"np.sin({self.vector(length, depth - 1)})"
            case "sum":
                return f"({self.number()} * {self.of_length(length)} + {self.vector(length, depth - 1)})"
            case "product":
                return f"{self.of_length(length)} * np.cos({self.vector(length, depth - 1)})"
            case "scaled":
                return f"np.tanh({self.scalar(1)}) * {self.of_length(length)}"
            case "where":
                v = self.of_length(length)
                return f"np.where({v} > {self.number()}, {self.of_length(length)}, {self.scalar(1)})"
            case "gather":
                return f"{self.of_length(N)}[k]"
            case "row sum":
                return f"0.3 * np.sum({self.choose(self.matrices)}, axis=0)"
            case "product with matrix":
                return f"0.2 * ({self.choose(self.matrices)}[:, 0] @ {self.choose(self.matrices)})"
            case "sorted":
                return f"np.sort({self.of_length(N)})"
            case _:
                return f"{self.of_length(N)}[::-1]"

    def matrix(self) -> str:
        m = self.choose(self.matrices)
        return self.choose(
            [
                f"{m} * np.cos({self.choose(self.matrices)})",
                f"0.5 * {m} + np.outer({m}[:, 1], {self.of_length(N)}) * 0.1",
                f"np.sin({m} + {self.of_length(N)})",
                f"{m} * {self.scalar(1)}",
                f"{m} - 0.5 * {m}[:, :1]",
            ]
        )

    def condition(self) -> str:
        forms = ["compare"]
        if self.counters:
            forms.append("counter")
        match self.choose(forms):
            case "counter":
                return self.choose([f"{self.counters[-1]} % 2 == 0", f"{self.counters[-1]} > 1"])
            case _:
                return f"{self.scalar(1)} {self.choose(['>', '<'])} {self.number()}"

    # -- statements

    def emit(self, text: str, depth: int) -> None:
        self.lines.append("    " * (depth + 1) + text)

    def new(self, stem: str) -> str:
        return f"{stem}{next(self.fresh)}"

    def block(self, depth: int, longest: int = LONGEST) -> None:
        """At least one statement; names that it defines are forgotten at its end."""
        kept = (list(self.scalars), dict(self.vectors), list(self.matrices))
        self.statement(depth)
        for _ in range(longest - 1):
            if self.budget <= 0 or not self.choose([False, True, True]):
                break
            self.statement(depth)
        if depth:
            self.scalars, self.vectors, self.matrices = kept

    def statement(self, depth: int) -> None:
        self.budget -= 1
        kinds = ["scalar", "vector", "element", "slice", "augmented", "view", "alias", "matrix", "matrix part"]
        kinds += ["scatter", "mask", "swap", "call", "mutating call", "add at", "rebind view"]
        if depth < DEEPEST:
            kinds += ["if", "for", "while", "items", "if", "for"]
        if self.loops:
            kinds += ["leave", "leave"]
        if depth:
            kinds.append("return")
        getattr(self, "write_" + self.choose(kinds).replace(" ", "_"))(depth)

    def write_scalar(self, depth: int) -> None:
        value = self.scalar()
        name = self.choose([*self.scalars, None]) or self.new("s")
        self.emit(self.choose([f"{name} = {value}", f"{name} = np.sin({value})"]), depth)
        if name not in self.scalars:
            self.scalars.append(name)

    def write_vector(self, depth: int) -> None:
        length = self.choose([N, 3])
        value = self.vector(length)
        existing = [name for name, n in self.vectors.items() if n == length]
        name = self.choose([None, *existing]) or self.new("v")
        self.emit(f"{name} = {self.choose([f'{value} * 1.0', f'np.array({value})', f'({value}).copy()'])}", depth)
        self.vectors[name] = length

    def write_element(self, depth: int) -> None:
        name = self.choose(list(self.vectors))
        target = f"{name}[{self.position(self.vectors[name])}]"
        value = self.scalar()
        self.emit(
            self.choose([f"{target} = {value}", f"{target} += 0.5 * {value}", f"{target} *= np.cos({value})"]), depth
        )

    def write_slice(self, depth: int) -> None:
        name = self.choose([name for name, n in self.vectors.items() if n == N])
        part, length = self.choose([("1:4", 3), ("::2", 3), (":3", 3), ("::-1", N), (":", N), ("-3:", 3)])
        value = self.choose([self.vector(length), self.scalar(1)])
        operator = self.choose(["=", "+=", "-="])
        self.emit(f"{name}[{part}] {operator} 0.7 * {value}", depth)

    def write_augmented(self, depth: int) -> None:
        name = self.choose(list(self.vectors))
        value = self.vector(self.vectors[name])
        self.emit(
            self.choose([f"{name} += 0.3 * {value}", f"{name} *= np.cos({value})", f"{name} -= {self.scalar(1)}"]),
            depth,
        )

    def write_view(self, depth: int) -> None:
        base = self.choose([name for name, n in self.vectors.items() if n == N])
        name = self.new("w")
        part, length = self.choose([("1:4", 3), ("::2", 3), ("2:", 3), ("::-1", N)])
        self.emit(
            self.choose(
                [f"{name} = {base}[{part}]", f"{name} = tail({base})[1:]" if length == 3 else f"{name} = {base}[:]"]
            ),
            depth,
        )
        self.vectors[name] = length

    def write_rebind_view(self, depth: int) -> None:
        """A row or column of the matrix by name."""
        m = self.choose(self.matrices)
        name = self.new("r")
        row = self.choose([f"{m}[{self.position(M)}]", f"{m}.T[:, 0]", f"{m}.reshape(20)[3:8]", f"{m}[1, :]"])
        if ".T[:, 0]" in row:
            row = f"{m}.T[:, {self.choose(['0', '2'])}]"
        self.emit(f"{name} = {row}", depth)
        self.vectors[name] = N

    def write_alias(self, depth: int) -> None:
        base = self.choose(list(self.vectors))
        name = self.new("u")
        self.emit(f"{name} = {base}", depth)
        self.vectors[name] = self.vectors[base]

    def write_matrix(self, depth: int) -> None:
        value = self.matrix()
        name = self.choose([None, *self.matrices]) or self.new("p")
        self.emit(f"{name} = {value}", depth)
        if name not in self.matrices:
            self.matrices.append(name)

    def write_matrix_part(self, depth: int) -> None:
        m = self.choose(self.matrices)
        i, j = self.position(M), self.position(N)
        self.emit(
            self.choose(
                [
                    f"{m}[{i}, {j}] = {self.scalar()}",
                    f"{m}[{i}] = {self.vector(N)}",
                    f"{m}[{i}] += 0.2 * {self.vector(N)}",
                    f"{m}[:, {j}] *= np.cos({self.scalar(1)})",
                    f"{m}[1:, ::2] = {self.vector(3)}",
                    f"{m}[1:] -= 0.5 * {m}[:-1]",
                    f"{m}[{i}, k] = {self.vector(N)}",
                ]
            ),
            depth,
        )

    def write_scatter(self, depth: int) -> None:
        name = self.choose([name for name, n in self.vectors.items() if n == N])
        value = self.choose([self.vector(N), self.scalar(1)])
        self.emit(
            self.choose([f"{name}[k] = {value}", f"{name}[k[:3]] = {self.vector(3)}", f"{name}[k] += {value}"]), depth
        )

    def write_add_at(self, depth: int) -> None:
        name = self.choose([name for name, n in self.vectors.items() if n == N])
        self.emit(f"np.add.at({name}, k, 0.3 * {self.vector(N)})", depth)

    def write_mask(self, depth: int) -> None:
        name = self.choose(list(self.vectors))
        mask = f"{name} > {self.number()}"
        self.emit(
            self.choose(
                [
                    f"{name}[{mask}] = {self.scalar(1)}",
                    f"{name}[{mask}] *= 0.5",
                    f"{name}[{mask}] = np.sin({name}[{mask}])",
                    f"{self.scalars[0]} = 0.3 * np.sum({name}[{mask}])",
                ]
            ),
            depth,
        )

    def write_swap(self, depth: int) -> None:
        name = self.choose(list(self.vectors))
        s, t = self.choose(self.scalars), self.choose(self.scalars)
        m = self.choose(self.matrices)
        forms = [f"{name}[0], {name}[2] = {name}[2], {name}[0]", f"{m}[[0, 2]] = {m}[[2, 0]]"]
        if s != t:
            forms.append(f"{s}, {t} = {t}, {s} * 0.9")
        self.emit(self.choose(forms), depth)

    def write_call(self, depth: int) -> None:
        name, other = self.new("s"), self.new("s")
        v = self.choose(list(self.vectors))
        match self.choose(["soft_sum", "mix"]):
            case "mix":
                self.emit(f"{name}, {other} = mix({self.scalar(1)}, {self.scalar(1)})", depth)
                self.scalars += [name, other]
            case _:
                self.emit(f"{name} = soft_sum({v})", depth)
                self.scalars.append(name)

    def write_mutating_call(self, depth: int) -> None:
        v = self.choose(list(self.vectors))
        target = self.choose([v, f"{v}[1:]", f"{self.choose(self.matrices)}[1]"])
        match self.choose(["scale", "shift_up", "put"]):
            case "put":
                name = self.new("s")
                self.emit(f"{name} = put({target}, {self.choose(['0', '1', '-1'])}, {self.scalar(1)})", depth)
                self.scalars.append(name)
            case "shift_up":
                self.emit(f"shift_up({target})", depth)
            case _:
                self.emit(f"scale({target}, {self.scalar(1)})", depth)

    def write_if(self, depth: int) -> None:
        self.emit(f"if {self.condition()}:", depth)
        self.block(depth + 1, 3)
        if self.choose([False, True]):
            self.emit("else:", depth)
            self.block(depth + 1, 3)

    def write_for(self, depth: int) -> None:
        i = self.new("i")
        bounds = self.choose(["3", "n", "1, 4", "4, 0, -1", *([f"{self.counters[-1]}"] if self.counters else [])])
        self.emit(f"for {i} in range({bounds}):", depth)
        self.loop_body(i, depth)

    def write_items(self, depth: int) -> None:
        i, item = self.new("i"), self.new("s")
        self.emit(f"for {i}, {item} in enumerate({self.choose(list(self.vectors))}):", depth)
        self.loop_body(i, depth, item)

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

    def write_while(self, depth: int) -> None:
        i = self.new("j")
        self.emit(f"{i} = 0", depth)
        bound = self.choose([f"{i} < 4", f"{i} < 5 and {self.scalar(1)} < {self.number()}"])
        self.emit(f"while {bound}:", depth)
        self.emit(f"{i} += 1", depth + 1)
        self.loop_body(i, depth)

    def write_leave(self, depth: int) -> None:
        self.emit(f"if {self.condition()}:", depth)
        self.emit(self.choose(["break", "continue"]), depth + 1)

    def write_return(self, depth: int) -> None:
        self.emit(f"if {self.condition()}:", depth)
        self.emit("return a * b, x * 0.5, m * 1.0", depth + 1)

    def write_program(self) -> str:
        self.block(0, LONGEST * 2)
        s = " + ".join(self.scalars)
        long = [name for name, n in self.vectors.items() if n == N]
        short = [name for name, n in self.vectors.items() if n != N]
        v = " + ".join(f"{0.5 + 0.1 * i:.1f} * {name}" for i, name in enumerate(long))
        if short:
            s += f" + np.sum({' * '.join(short)})"
        self.emit(f"return {s}, {v}, {' * '.join(self.matrices)}", 0)
        head = f"{HELPERS}\ndef program(a, b, x, y, m, k, n):\n"
        return head + "\n".join(self.lines) + "\n"


def write_program(choose: Choose) -> str:
    return Writer(choose).write_program()


_files = count()


def load_program(text: str):
    """Run the text as a module that `linecache` knows, so that its source can be read."""
    name = f"<random program {next(_files)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    namespace: dict = {"__name__": "random_program"}
    exec(compile(text, name, "exec"), namespace)
    return namespace["program"]


def sample_arguments(seed: int) -> tuple:
    """Arguments of ``program(a, b, x, y, m, k, n)``; the index array repeats entries."""
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(-1, 1, 2)
    x, y = rng.uniform(-1, 1, (2, N))
    return np.float64(a), np.float64(b), x, y, rng.uniform(-1, 1, (M, N)), rng.integers(0, N, N), 3


def is_tame(function, args: tuple) -> bool:
    """Whether the program runs, and its values are of moderate size."""
    try:
        result = function(*(arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args))
    except (ValueError, IndexError, ZeroDivisionError):
        return False
    return all(np.all(np.abs(part) < 1e4) for part in result)
