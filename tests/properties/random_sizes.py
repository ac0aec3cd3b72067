"""Random statements about vectors whose lengths are known only at run time, and about what iterations leave behind."""

from tests.properties.random_expressions import N
from tests.properties.random_lists import Lists


class Sizes(Lists):
    """Vectors that are selected, cut, grown and joined; lists of them; variables that some iterations set."""

    def any_vector(self) -> str:
        return self.choose([*self.loose, "x", "y"])

    def loose_expression(self) -> str:
        v, w = self.any_vector(), self.any_vector()
        return self.choose(
            [
                f"{v}[np.real({v}) > {self.number()}]",
                f"0.7 * {v}[1:]",
                f"{v}[: n - 1]",
                f"np.append({v}, {self.scalar(0)})",
                f"np.concatenate(({v}, {w}[:2]))",
                f"np.sin({v}) * {self.scalar(0)}",
                f"{v}[:1] * 0.5 * {w}",
                f"{v}[::2]",
                f"np.sin({v}) * {w} if len({v}) == len({w}) else 0.5 * {v}",
                f"{v}[: len({w})]",
            ]
        )

    def write_loose(self, depth: int) -> None:
        name = self.choose([self.new("w"), *self.loose])
        self.emit(f"{name} = ({self.loose_expression()})[:{N + 2}]", depth)
        if name not in self.loose:
            self.loose.append(name)

    def write_loose_use(self, depth: int) -> None:
        """A sum over vectors whose lengths agree, or of which one is 1, as tests find out."""
        v, w, total = self.any_vector(), self.any_vector(), self.new("s")
        self.emit(f"{total} = {self.scalar(0)}", depth)
        self.emit(
            self.choose(
                [
                    f"if len({v}) == len({w}): {total} = 0.5 * {total} + np.sin({v} @ {w})",
                    f"if len({v}) == 1: {total} += np.sum(np.sin({v} * {w}))",
                    f"if len({v}) > 0: {total} += {v}[-1] * np.sum(np.sin({w}))",
                    f"if len({v}) == m.shape[1]: {total} += 0.3 * np.sum(np.sin(m @ {v}))",
                    f"{total} += 0.3 * np.sum(np.sin({v}) * {w}[:1])",
                ]
            ),
            depth,
        )
        self.scalars.append(total)

    def write_loose_list(self, depth: int) -> None:
        """A list of vectors that differ in length, walked, emptied or joined."""
        found, i, total, item = self.new("h"), self.new("i"), self.new("s"), self.new("r")
        self.emit(f"{found} = {self.choose(['[]', f'[{self.any_vector()}]'])}", depth)
        self.emit(f"for {i} in range({self.choose(['n', 'len(x)', '3'])}):", depth)
        self.emit(f"{found}.append({self.loose_expression()})", depth + 1)
        self.emit(f"{total} = {self.scalar(0)}", depth)
        v = self.any_vector()
        uses = [
            f"for {item} in {found}: {total} = 0.7 * {total} + np.sin(np.sum({item} * {v}[:1]))",
            f"while {found}: {total} = 0.7 * {total} + np.sin(np.sum({found}.pop()))",
            f"for {item} in {found}: {total} = 0.7 * {total} + np.sin({item} @ {item})",
            f"{total} += np.sin(np.sum(np.concatenate({found})))",
            f"{total} += np.sin(np.sum({found}[-1] * {found}[0][:1]))",
        ]
        self.emit(self.choose(uses), depth)
        self.scalars.append(total)

    def write_left_behind(self, depth: int) -> None:
        """A variable that some iterations set, and that all read."""
        i, total, kept = self.new("i"), self.new("s"), self.new("q")
        self.emit(f"{total} = {self.number()}", depth)
        self.emit(f"for {i} in range({self.choose(['n', '4'])}):", depth)
        when = self.choose([f"{i} == 0", f"{i} % 2 == 0", f"{i} < 1 or {self.condition(0)}"])
        value, reading = self.choose(
            [
                (self.scalar(1), kept),
                (f"0.5 * {self.any_vector()}", f"np.sum({kept})"),
                (self.loose_expression(), f"np.sum({kept} * x[:1])"),
            ]
        )
        self.emit(f"if {when}: {kept} = {value}", depth + 1)
        self.emit(f"{total} = 0.7 * {total} + np.sin({reading}) * x[{i}]", depth + 1)
        self.scalars.append(total)
