"""Random statements about lists that grow and shrink at run time."""

from tests.properties.random_expressions import N
from tests.properties.random_writes import Writes


class Lists(Writes):
    """Lists of numbers: made by loops, comprehensions or displays, changed in place in every way."""

    def write_list(self, depth: int) -> None:
        """A new list, of a length that is known or not."""
        found, item = self.new("g"), self.new("s")
        v = self.choose([name for name, n in self.vectors.items() if n == N])
        forms = [
            "[]",
            "[0]",
            "[0, 1]",
            "[1] * n",
            f"[{self.scalar(1)}]",
            f"[0.5 * {item} for {item} in {v}]",
            f"[{item} for {item} in {v} if {item} > {self.number()}]",
            f"[{self.scalar(0)}] * n",
            f"list({v})",
        ]
        if self.lists:
            g = self.choose(self.lists)
            forms += [f"{g}[1:]", f"{g}[::-1]", f"{g} + [{self.scalar(1)}]", f"{g}[:]", f"sorted({g}, key=np.real)"]
        self.emit(f"{found} = {self.choose(forms)}", depth)
        self.lists.append(found)

    def write_list_change(self, depth: int) -> None:
        if not self.lists:
            self.write_list(depth)
        g, s = self.choose(self.lists), self.scalar(1)
        self.emit(
            self.choose(
                [
                    f"{g}.append({s})",
                    f"{g}.append({s})",
                    f"{g}.append({s} + (0.5 * {g}[-1] if {g} else 0.1))",
                    f"{g}.extend([{s}, {self.scalar(0)}])",
                    f"{g}.insert(1, {s})",
                    f"{g}.insert(-1, {s})",
                    f"{g}.reverse()",
                    f"{g}.sort(key=np.real)",
                    *self.guarded(g, s),
                ]
            ),
            depth,
        )

    def guarded(self, g: str, s: str) -> list[str]:
        """Changes that need an item, behind a test that there is one."""
        some = self.choose([f"if {g}: ", f"if len({g}) > 1: ", f"while len({g}) > 2: "])
        one = some if some.startswith("if") else f"if {g}: "
        i = self.choose(["0", "-1", f"len({g}) // 2"])
        return [
            f"{some}{g}.pop()",
            f"{some}{g}.pop({self.choose(['0', '-1'])})",
            f"{one}del {g}[{i}]",
            f"{one}{g}[{i}] = {s}",
            f"{one}{g}[{i}] *= 0.9",
            f"{one}{g}[{i}] += {g}[0] * 0.3",
            f"{one}{g}[0], {g}[-1] = {g}[-1], {g}[0]",
        ]

    def write_list_walk(self, depth: int) -> None:
        """What a loop over a list, or one that empties it, adds up."""
        if not self.lists:
            self.write_list(depth)
        g, total, item = self.choose(self.lists), self.new("s"), self.new("s")
        self.emit(f"{total} = {self.number()}", depth)
        if self.choose([False, True]):
            self.emit(f"while {g} and {self.choose(['True', self.condition(0)])}:", depth)
            self.emit(f"{total} = 0.7 * {total} + {g}.pop()", depth + 1)
        else:
            walk = self.choose([f"{g}", f"reversed({g})", f"{g}[1:]"])
            self.emit(f"for {item} in {walk}:", depth)
            self.emit(f"{total} = 0.7 * {total} + np.sin({item}) * {self.scalar(0)}", depth + 1)
        self.scalars.append(total)
