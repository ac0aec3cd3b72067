"""Numbers with gradients: what lectures build by hand, and what adgen writes instead.

    e = (4 a + 3)(a + 2)          a -> b = 4 a -> c = b + 3 -> e = c d          at a = 3: e = 75
                                  a -> d = a + 2 --------------^

Gradients go the other way, and add up where a value is used twice:

    e_bar = 1,  c_bar = d,  d_bar = c,  b_bar = c_bar,  a_bar = 4 b_bar + d_bar = 8 a + 11 = 35

`NumberWithGrad` records each operation while the function runs, and then visits the record in reverse.  adgen reads the
function and writes the same derivative down.  Both are exact.  The recorded one pays for each operation with an object;
the written one is an ordinary function.

In generated/number_with_grad.py: `expression_grad` is one line below the values of b, c and d; `branching_grad` adds to
`x_bar` and `y_bar` what comes back from both uses; `logistic_grad` runs its loop backwards over what it recorded.
"""

import timeit

from examples.command import figures, save, wants_plot


def expression(a: float):
    """(4 a + 3)(a + 2), one operation a line."""
    b = 4.0 * a
    c = b + 3.0
    d = a + 2.0
    return c * d


def used_twice(x: float):
    """A value that feeds two operations: its adjoint is the sum of both.  The derivative is 3 x**2 + 2 x."""
    y = x * x
    return y * x + y


def branching(x: float):
    """y and z are used twice each: what comes back to them is the sum of two gradients."""
    y = x * x
    z = y + x
    return y * z + z


def logistic(x: float, steps: int):
    """x <- 3.7 x (1 - x): x is used twice in each step."""
    for step in range(steps):
        x = 3.7 * x * (1.0 - x)
    return x


class NumberWithGrad:
    """A number that remembers what it was computed from: (number, local slope) for each operand."""

    def __init__(self, value, operands=()):
        self.value = value
        self.operands = operands
        self.grad = 0.0

    def __add__(self, other):
        other = as_number(other)
        return NumberWithGrad(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = as_number(other)
        return NumberWithGrad(self.value * other.value, ((self, other.value), (other, self.value)))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -as_number(other)

    def __rsub__(self, other):
        return as_number(other) - self

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self):
        """Give each number that this one depends on its gradient: users first, then what they used."""
        self.grad = 1.0
        for number in reversed(self.in_order()):
            for operand, slope in number.operands:
                operand.grad += slope * number.grad

    def in_order(self):
        """The numbers below this one, each after its operands (without recursion: graphs are deep)."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            number, finished = stack.pop()
            if finished:
                order.append(number)
            elif id(number) not in seen:
                seen.add(id(number))
                stack.append((number, True))
                stack.extend((operand, False) for operand, _ in number.operands)
        return order


def as_number(value):
    return value if isinstance(value, NumberWithGrad) else NumberWithGrad(value)


def recorded_grad(function, x, *args):
    """The derivative by recording."""
    number = NumberWithGrad(x)
    function(number, *args).backward()
    return number.grad


def seconds_per_call(function, *args, repeats=5):
    """The best of a few rounds of some milliseconds."""
    timer = timeit.Timer(lambda: function(*args))
    number, _ = timer.autorange(lambda *_: None)
    return min(timer.repeat(repeats, max(1, number // 20))) / max(1, number // 20)


def compare_speed(lengths=(1, 3, 10, 30, 100, 300)):
    """Seconds of both gradients of `logistic`, for a growing number of steps."""
    from generated.number_with_grad import logistic_grad

    recorded = [seconds_per_call(recorded_grad, logistic, 0.3, n) for n in lengths]
    written = [seconds_per_call(logistic_grad, 0.3, n) for n in lengths]
    return lengths, recorded, written


def main():
    from generated.number_with_grad import branching_grad, expression_grad

    plot = wants_plot(__doc__)
    for function, written, x in ((expression, expression_grad, 3.0), (branching, branching_grad, 2.0)):
        print(f"{function.__name__}({x}) = {function(x)}")
        print(f"    slope, recorded: {recorded_grad(function, x)}    written: {written(x)}")
    lengths, recorded, written = compare_speed()
    for n, slow, fast in zip(lengths, recorded, written, strict=True):
        print(f"{n:4} steps: {1e6 * slow:7.1f} us recorded, {1e6 * fast:6.1f} us written: {slow / fast:4.1f} times")
    if plot:
        figure, axes = figures()
        axes.loglog(lengths, recorded, "o-", label="NumberWithGrad")
        axes.loglog(lengths, written, "o-", label="written by adgen")
        axes.set(xlabel="steps of the logistic map", ylabel="seconds a gradient")
        axes.legend()
        save(figure, "number_with_grad.png")


if __name__ == "__main__":
    main()
