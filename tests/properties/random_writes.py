"""Random straight statements: definitions, writes in place, views, aliases, containers, calls."""

from tests.properties.random_expressions import LENGTHS, Expressions, M, N

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


def halve(v):
    v[::2] *= 0.5
    return v


def add_into(v, w, s=0.3):
    for i in range(len(v)):
        v[i] += s * w[-i - 1]


def first_above(v, limit):
    for i in range(len(v)):
        if v[i] > limit:
            break
    else:
        return v[0] * limit
    return v[i] - limit


def relax(m, s):
    for i in range(1, m.shape[0]):
        for j in range(m.shape[1] - 1):
            if i == j:
                continue
            m[i, j] = 0.5 * m[i - 1, j + 1] + 0.3 * m[i, j] * s

"""


class Writes(Expressions):
    """Statements without control flow, emitted line by line."""

    def __init__(self, choose) -> None:
        super().__init__(choose)
        self.lines: list[str] = []

    def emit(self, text: str, depth: int) -> None:
        self.lines.append("    " * (depth + 1) + text)

    # -- definitions

    def write_scalar(self, depth: int) -> None:
        value = self.scalar()
        name = self.choose([*self.scalars, None]) or self.new("s")
        self.emit(self.choose([f"{name} = {value}", f"{name} = np.sin({value})", f"{name}: float = {value}"]), depth)
        if name not in self.scalars:
            self.scalars.append(name)

    def write_sum(self, depth: int) -> None:
        name = self.choose(self.scalars)
        self.emit(f"{name} {self.choose(['+=', '-='])} 0.3 * {self.scalar()}", depth)

    def write_vector(self, depth: int) -> None:
        length = self.choose(LENGTHS)
        value = self.vector(length)
        existing = [name for name, n in self.vectors.items() if n == length]
        name = self.choose([None, *existing]) or self.new("v")
        forms = [
            f"{value} * 1.0",
            f"np.array({value})",
            f"({value}).copy()",
            f"np.zeros_like({self.of_length(length)})",
        ]
        if length == 3:
            forms.append(f"np.array([0.5 * b + {self.scalar(1)}, {self.scalar(0)}, {self.scalar(0)}])")
        self.emit(f"{name} = {self.choose(forms)}", depth)
        self.vectors[name] = length

    def write_matrix(self, depth: int) -> None:
        value = self.matrix()
        name = self.choose([None, *self.matrices]) or self.new("p")
        self.emit(f"{name} = {value}", depth)
        if name not in self.matrices:
            self.matrices.append(name)

    def write_zero_dim(self, depth: int) -> None:
        if not self.zero_dim or self.choose([False, True]):
            name = self.new("z")
            self.emit(f"{name} = np.array(0.5 * a + {self.scalar(1)})", depth)
            self.zero_dim.append(name)
            return
        name = self.choose(self.zero_dim)
        forms = [f"{name}[()] = {self.scalar(1)}", f"{name} += 0.3 * {self.scalar(1)}", f"{name}[...] = np.cos({name})"]
        self.emit(self.choose(forms), depth)

    def write_counts(self, depth: int) -> None:
        if not self.counts or self.choose([False, False, True]):
            name = self.new("c")
            self.emit(
                f"{name} = {self.choose(['np.zeros(5, dtype=int)', 'k.copy()', 'k + 1', 'np.argsort(k)'])}", depth
            )
            self.counts.append(name)
            return
        name = self.choose(self.counts)
        i = self.position(N)
        self.emit(
            self.choose([f"{name}[{i}] += 1", f"np.add.at({name}, k, 1)", f"{name}[k] = 2", f"{name}[:2] = 3"]), depth
        )

    # -- writes into parts

    def write_element(self, depth: int) -> None:
        name = self.choose([*self.vectors, *self.containers])
        target = f"{name}[{self.position(self.vectors.get(name, N))}]"
        value = self.scalar()
        forms = [f"{target} = {value}", f"{target} += 0.5 * {value}", f"{target} *= np.cos({value})"]
        self.emit(self.choose([*forms, f"{target} /= 2.0 + np.sin({value})"]), depth)

    def write_slice(self, depth: int) -> None:
        parts = [
            ("1:4", 3),
            ("::2", 3),
            (":3", 3),
            ("::-1", N),
            (":", N),
            ("-3:", 3),
            ("::-2", 3),
            ("1:", M),
            (":1", 1),
        ]
        part, length = self.choose([*parts, ("-2::-1", M), ("...", N), ("3:0:-1", 3)])
        value = self.choose([self.vector(length), self.scalar(1), self.of_length(1)])
        self.emit(f"{self.long()}[{part}] {self.choose(['=', '+=', '-='])} 0.7 * {value}", depth)

    def write_overlap(self, depth: int) -> None:
        name = self.long()
        forms = [f"{name}[1:] = 0.8 * {name}[:-1]", f"{name}[1:] = {name}[:-1]", f"{name}[:] = {name}[::-1]"]
        forms += [
            f"{name}[1:] += 0.5 * {name}[:-1]",
            f"{name}[:-1] = {name}[1:] * {name}[:-1]",
            f"{name}[::2] = {name}[2:]",
        ]
        self.emit(self.choose(forms), depth)

    def write_augmented(self, depth: int) -> None:
        name = self.choose(list(self.vectors))
        value = self.vector(self.vectors[name])
        forms = [f"{name} += 0.3 * {value}", f"{name} *= np.cos({value})", f"{name} -= {self.scalar(1)}"]
        self.emit(self.choose([*forms, f"{name} /= 1.5 + np.sin({value})", f"{name} += {self.of_length(1)}"]), depth)

    def write_whole(self, depth: int) -> None:
        """By the functions and methods of NumPy that fill, copy or reorder in place."""
        name = self.choose(list(self.vectors))
        length = self.vectors[name]
        value = self.vector(length)
        forms = [f"{name}.fill({self.scalar(1)})", f"np.copyto({name}, 0.8 * {value})", f"{name}[:] = {value}"]
        forms += [f"np.multiply({name}, 0.7, out={name})", f"np.sin({value}, out={name})", f"{name}.sort()"]
        if length == N:
            forms += [f"np.add({name}[1:], {self.of_length(M)}, out={name}[:-1])", f"np.put({name}, k, 0.5 * {value})"]
            forms += [f"np.copyto({name}, {self.scalar(1)}, where={name} > {self.number()})"]
        self.emit(self.choose(forms), depth)

    def write_matrix_part(self, depth: int) -> None:
        m = self.choose(self.matrices)
        i, j = self.position(M), self.position(N)
        forms = [
            f"{m}[{i}, {j}] = {self.scalar()}",
            f"{m}[{i}, {j}] += 0.5 * {self.scalar()}",
            f"{m}[{i}] = {self.vector(N)}",
            f"{m}[{i}] += 0.2 * {self.vector(N)}",
            f"{m}[:, {j}] *= np.cos({self.scalar(1)})",
            f"{m}[:, {j}] = {self.vector(M)}",
            f"{m}[1:, ::2] = {self.vector(3)}",
            f"{m}[1:] -= 0.5 * {m}[:-1]",
            f"{m}[{i}, k] = {self.vector(N)}",
            f"{m}[k % {M}, {j}] = {self.vector(N)}",
            f"{m}[k % {M}, k] += {self.vector(N)}",
            f"{m}[..., {j}] -= 0.3 * {self.vector(M)}",
            f"{m}.T[{j}] = {self.vector(M)}",
            f"{m}.reshape(-1)[3:8] *= {self.vector(N)}",
            f"{m}[{m} > {self.number()}] *= 0.5",
            f"{m}[{m} > {self.number()}] = {self.scalar(1)}",
            f"{m}[1:3, 1:-1] = 0.25 * ({m}[:2, 1:-1] + {m}[2:, 1:-1] + {m}[1:3, :-2] + {m}[1:3, 2:])",
            f"{m} *= {self.vector(N)}",
            f"{m} += 0.3 * {self.of_length(M)}[:, None]",
            f"np.fill_diagonal({m}, {self.scalar(1)})",
            f"np.add.at({m}, k % {M}, 0.3 * {self.vector(N)})",
        ]
        self.emit(self.choose(forms), depth)

    def write_scatter(self, depth: int) -> None:
        name = self.long()
        value = self.choose([self.vector(N), self.scalar(1)])
        forms = [f"{name}[k] = {value}", f"{name}[k[:3]] = {self.vector(3)}", f"{name}[k] += {value}"]
        forms += [
            f"{name}[[1, 1, 3]] = {self.vector(3)}",
            f"{name}[k] *= 0.8",
            f"{name}[np.argsort(k)] = {self.vector(N)}",
        ]
        self.emit(self.choose(forms), depth)

    def write_add_at(self, depth: int) -> None:
        sign = self.choose(["add", "subtract"])
        self.emit(f"np.{sign}.at({self.long()}, k, 0.3 * {self.choose([self.vector(N), self.scalar(1)])})", depth)

    def write_mask(self, depth: int) -> None:
        name = self.choose(list(self.vectors))
        mask = f"{name} > {self.number()}"
        if self.choose([False, True]):
            kept = self.new("q")
            self.emit(f"{kept} = {mask}", depth)
            mask = kept
        forms = [
            f"{name}[{mask}] = {self.scalar(1)}",
            f"{name}[{mask}] *= 0.5",
            f"{name}[{mask}] = np.sin({name}[{mask}])",
        ]
        forms += [
            f"{name}[~({mask})] += {self.scalar(1)}",
            f"{self.choose(self.scalars)} = 0.3 * np.sum({name}[{mask}])",
        ]
        self.emit(self.choose(forms), depth)

    def write_swap(self, depth: int) -> None:
        name = self.choose([name for name, n in self.vectors.items() if n >= 3])
        s, t = self.choose(self.scalars), self.choose(self.scalars)
        m = self.choose(self.matrices)
        forms = [f"{name}[0], {name}[2] = {name}[2], {name}[0]", f"{m}[[0, 2]] = {m}[[2, 0]]"]
        if s != t:
            forms.append(f"{s}, {t} = {t}, {s} * 0.9")
        self.emit(self.choose(forms), depth)

    def write_exchange(self, depth: int) -> None:
        """Two arrays change names."""
        pairs = [(u, v) for u in self.vectors for v in self.vectors if u < v and self.vectors[u] == self.vectors[v]]
        u, v = self.choose(pairs)
        self.emit(f"{u}, {v} = {v}, {u}", depth)

    # -- views and aliases

    def write_view(self, depth: int) -> None:
        base = self.long()
        name = self.new("w")
        part, length = self.choose(
            [("1:4", 3), ("::2", 3), ("2:", 3), ("::-1", N), ("1:", M), (":1", 1), ("[:-1][::-1]", M)]
        )
        form = f"{base}[{part}]" if part[0] != "[" else base + part
        forms = [form, f"tail({base})[1:]"] if length == 3 else [form, f"{base}[:]"] if length == N else [form]
        self.emit(f"{name} = {self.choose(forms)}", depth)
        self.vectors[name] = length

    def write_rebind_view(self, depth: int) -> None:
        """A row, a column or a stretch of the matrix by name."""
        m = self.choose(self.matrices)
        forms = [(f"{m}[{self.position(M)}]", N), (f"{m}.T[:, {self.choose(['0', '2'])}]", N), (f"{m}[1, :]", N)]
        forms += [(f"{m}.reshape(20)[3:8]", N), (f"{m}[:, {self.position(N)}]", M), (f"{m}.T[{self.position(N)}]", M)]
        forms += [(f"{m}.ravel()[::4]", N), (f"{m}[1:][0]", N), (f"{m}[::-1, 2]", M), (f"np.asarray({m}[0])", N)]
        forms += [(f"{m}[None, 2][0]", N), (f"{m}.reshape(5, 4)[1]", M)]
        name = self.new("r")
        text, length = self.choose(forms)
        self.emit(f"{name} = {text}", depth)
        self.vectors[name] = length

    def write_matrix_view(self, depth: int) -> None:
        m = self.choose(self.matrices)
        name = self.new("p")
        self.emit(f"{name} = {self.choose([m, f'{m}[::-1]', f'{m}[:]', f'{m}.T.T', f'{m}[:, ::-1]'])}", depth)
        self.matrices.append(name)

    def write_alias(self, depth: int) -> None:
        base = self.choose(list(self.vectors))
        name = self.new("u")
        self.emit(f"{name} = {base}", depth)
        self.vectors[name] = self.vectors[base]

    # -- containers

    def write_container(self, depth: int) -> None:
        first, second = self.long(), self.long()
        name = self.new("d")
        if self.choose([False, True]):
            self.emit(f"{name} = {{'p': {first}, 'q': 1.0 * {second}}}", depth)
            self.containers += [f"{name}['p']", f"{name}['q']"]
        else:
            left, right = self.choose(["[]", "()"])
            self.emit(f"{name} = {left}{first}, {second}.copy(){right}", depth)
            self.containers += [f"{name}[0]", f"{name}[1]"]

    # -- calls

    def write_call(self, depth: int) -> None:
        name, other = self.new("s"), self.new("s")
        v = self.choose([v for v, n in self.vectors.items() if n >= 3])
        match self.choose(["soft_sum", "mix", "first_above"]):
            case "mix":
                self.emit(f"{name}, {other} = mix({self.scalar(1)}, {self.scalar(1)})", depth)
                self.scalars += [name, other]
            case function:
                more = f", {self.number()}" if function == "first_above" else ""
                self.emit(f"{name} = {function}({v}{more})", depth)
                self.scalars.append(name)

    def write_mutating_call(self, depth: int) -> None:
        v = self.choose([v for v, n in self.vectors.items() if n >= 3])
        m = self.choose(self.matrices)
        target = self.choose([v, f"{v}[1:]", f"{m}[1]", f"{m}[:, 2]", *self.containers])
        match self.choose(["scale", "shift_up", "put", "halve", "add_into", "relax"]):
            case "put":
                name = self.new("s")
                self.emit(f"{name} = put({target}, {self.choose(['0', '1', '-1'])}, {self.scalar(1)})", depth)
                self.scalars.append(name)
            case "halve":
                name = self.new("h")
                self.emit(f"{name} = halve({v})", depth)
                self.vectors[name] = self.vectors[v]
            case "add_into":
                self.emit(f"add_into({v}, {self.of_length(self.vectors[v])})", depth)
            case "relax":
                self.emit(f"relax({m}, {self.scalar(1)})", depth)
            case "shift_up":
                self.emit(f"shift_up({target})", depth)
            case _:
                self.emit(f"scale({target}, {self.scalar(1)})", depth)
