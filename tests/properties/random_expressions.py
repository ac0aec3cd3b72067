"""Random expressions: the names that may be read at a point of a program, and what is computed of them."""

from collections.abc import Callable, Sequence
from itertools import count

N = 5  # length of vectors, and of rows
M = 4  # rows of the matrix, length of columns
LENGTHS = (N, 3, M, 1)

Choose = Callable[[Sequence], object]


KINDS = ("scalars", "vectors", "matrices", "counts", "zero_dim", "containers", "lists", "loose")


class Expressions:
    """Asks a `Choose` at every turn; names in scope are kept by kind.

    Every expression is analytic where it is smooth, takes complex numbers, and keeps its values tame.
    """

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.scalars = ["a", "b"]
        self.vectors = {"x": N, "y": N}
        self.matrices = ["m"]
        self.counts: list[str] = []  # vectors of integers, of length N
        self.zero_dim: list[str] = []
        self.containers: list[str] = []  # expressions for vectors of length N that live in lists and dicts
        self.lists: list[str] = []  # lists of numbers, of any length
        self.loose: list[str] = []  # vectors of any length
        self.counters: list[str] = []
        self.fresh = count()

    def new(self, stem: str) -> str:
        return f"{stem}{next(self.fresh)}"

    def saved(self) -> tuple:
        return tuple(getattr(self, kind).copy() for kind in KINDS)

    def restore(self, saved: tuple) -> None:
        for kind, names in zip(KINDS, saved, strict=True):
            setattr(self, kind, names)

    # -- atoms

    def number(self) -> str:
        return self.choose(["0.5", "0.3", "0.8", "-0.4", "1.1"])

    def position(self, length: int) -> str:
        """A valid index into an axis."""
        fixed = ["0", "-1"] if length < 3 else ["0", "1", "2", "-1", "-2"]
        running = [f"({c}) % {length}" for c in self.counters[-2:]]
        return self.choose([*fixed, *running, *([f"k[{self.choose(['0', '3'])}] % {length}"] if length > 1 else [])])

    def long(self) -> str:
        return self.choose([*[name for name, n in self.vectors.items() if n == N], *self.containers])

    def of_length(self, length: int) -> str:
        """A vector of the given length: a name, or part of one."""
        found = [name for name, n in self.vectors.items() if n == length]
        m = self.choose(self.matrices)
        if length == N:
            found += [f"{m}[{self.position(M)}]", *self.containers]
        elif length == M:
            found += [f"{m}[:, {self.position(N)}]", f"{m}.T[{self.position(N)}]"]
        whole = [name for name, n in self.vectors.items() if n == N]
        if length < N:
            cut = N - length
            found += [f"{name}[{part}]" for name in whole for part in (f"{cut}:", f":{length}", f":{-cut}")]
        if length == 3:
            found += [f"{name}[{part}]" for name in whole for part in ("::2", "::-2", "1:-1", "-2:0:-1")]
            found += [f"{m}.reshape(-1)[4:7]", f"{m}[0, 1:4]", f"{m}[1:, 0]", f"{m}.ravel()[9:2:-3]"]
        return self.choose(found)

    # -- numbers

    def scalar(self, depth: int = 2) -> str:
        forms = ["name", "number"]
        if self.zero_dim:
            forms.append("zero dim")
        if self.lists:
            forms.append("list")
        if depth:
            forms += ["sine", "sum", "product", "element", "matrix element", "tanh", "reduction", "square", "choice"]
        match self.choose(forms):
            case "name":
                return self.choose(self.scalars)
            case "number":
                return self.number()
            case "zero dim":
                return f"{self.choose(self.zero_dim)}[()]"
            case "list":
                g = self.choose(self.lists)
                return self.choose([f"0.1 * len({g})", f"({g}[-1] if {g} else 0.4)", f"np.sin(sum({g}))"])
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
            case "choice":
                return f"({self.scalar(depth - 1)} if {self.condition(0)} else {self.scalar(depth - 1)})"
            case "element":
                name = self.choose(list(self.vectors))
                return f"{name}[{self.position(self.vectors[name])}]"
            case "matrix element":
                return f"{self.choose(self.matrices)}[{self.position(M)}, {self.position(N)}]"
            case _:
                return self.reduction()

    def reduction(self) -> str:
        name = self.choose([*self.vectors, *self.containers])
        forms = [f"np.mean({name})", f"0.2 * np.sum({name} * {name})", f"np.max({name})", f"0.2 * ({name} @ {name})"]
        forms += [f"0.1 * np.sum({self.choose(self.matrices)} ** 2)", f"0.3 * {name}.sum()"]
        forms += [f"0.2 * np.trace({self.choose(self.matrices)})", f"{name}[np.argmax({name})]", f"np.min({name})"]
        return self.choose(forms)

    # -- vectors

    def vector(self, length: int, depth: int = 1) -> str:
        forms = ["name"]
        if depth:
            forms += ["sine", "sum", "product", "scaled", "where", "spread"]
            if length == N:
                forms += ["gather", "row sum", "product with matrix", "reversed", "sorted", "joined", "counts", "least"]
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
            case "spread":
                return f"({self.of_length(length)} + 0.5 * {self.of_length(1)})"
            case "where":
                v = self.of_length(length)
                return f"np.where({v} > {self.number()}, {self.of_length(length)}, {self.scalar(1)})"
            case "gather":
                return self.choose([f"{self.long()}[k]", f"{self.choose(self.matrices)}[k % 4, k]"])
            case "row sum":
                m = self.choose(self.matrices)
                return self.choose([f"0.3 * np.sum({m}, axis=0)", f"np.max({m}, axis=0)", f"np.mean({m}.T, axis=1)"])
            case "product with matrix":
                return f"0.2 * ({self.of_length(M)} @ {self.choose(self.matrices)})"
            case "sorted":
                return self.choose([f"np.sort({self.long()})", f"0.3 * np.cumsum({self.long()})"])
            case "joined":
                return f"np.concatenate(({self.of_length(M)}, {self.of_length(1)}))"
            case "counts":
                return f"0.2 * {self.choose([*self.counts, 'k'])} * {self.long()}"
            case "least":
                return f"np.minimum({self.long()}, {self.choose([self.long(), self.scalar(0)])})"
            case _:
                return f"{self.long()}[::-1]"

    # -- matrices

    def matrix(self) -> str:
        m = self.choose(self.matrices)
        return self.choose(
            [
                f"{m} * np.cos({self.choose(self.matrices)})",
                f"0.5 * {m} + np.outer({self.of_length(M)}, {self.long()}) * 0.1",
                f"np.sin({m} + {self.long()})",
                f"{m} * {self.scalar(1)}",
                f"{m} - 0.5 * {m}[:, :1]",
                f"{m} + 0.3 * {self.of_length(M)}[:, None]",
                f"{m}[::-1, ::-1] * 0.9",
                f"0.5 * ({m} + {m}[1:2])",
                f"np.where({m} > {self.number()}, {m} * 0.5, {self.choose(self.matrices)})",
                f"{m}[[1, 0, 1, 3]] * 1.0",
                f"{m} * 0.2 * k",
                f"0.5 * {m}.T.reshape({M}, {N})",
            ]
        )

    # -- conditions

    def condition(self, depth: int = 1) -> str:
        forms = ["compare", "within", "both"] if depth else ["compare"]
        if self.counters:
            forms.append("counter")
        match self.choose(forms):
            case "counter":
                c = self.counters[-1]
                return self.choose([f"{c} % 2 == 0", f"{c} > 1", f"k[{c} % 5] > 2"])
            case "within":
                return f"-0.2 < {self.scalar(1)} < {self.number()}"
            case "both":
                word = self.choose(["and", "or"])
                return f"{self.scalar(1)} > {self.number()} {word} not {self.condition(0)}"
            case _:
                return f"{self.scalar(1 if depth else 0)} {self.choose(['>', '<'])} {self.number()}"
