"""What `make demo` runs: a gradient to read, a network to train, a model to fit, and plots of them."""

import inspect
import time

import numpy as np
from rich.columns import Columns
from rich.console import Console
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table

import adgen
from examples import energy, mlp_digits, predator_prey, swing
from examples.command import save

REQUIRED_ACCURACY = 0.95
SIDE_BY_SIDE = 150  # columns of a terminal that has room for both


def show(console, function, derivative, *example_args):
    """The original beside the source that adgen wrote."""
    pieces = [
        Panel(Syntax(text.rstrip(), "python", word_wrap=True), title=title)
        for title, text in (
            ("original", inspect.getsource(function)),
            ("generated", adgen.source(derivative, *example_args)),
        )
    ]
    if console.width >= SIDE_BY_SIDE:
        console.print(Columns(pieces))
    else:
        console.print(*pieces, sep="\n")


def train_network(console, plt):
    """Train the perceptron on digits, and plot the loss and some predictions."""
    (x, digits), (x_test, digits_test) = mlp_digits.load(np.random.default_rng(0))
    weights, history = mlp_digits.train(x, digits)
    accuracy = mlp_digits.accuracy(weights, x_test, digits_test)
    console.print(f"held-out accuracy: {100 * accuracy:.1f} % of {len(digits_test)} images")
    assert accuracy > REQUIRED_ACCURACY, "the network did not learn"

    figure, axes = plt.subplots(figsize=(6, 4))
    axes.semilogy(range(1, len(history) + 1), history)
    axes.set(xlabel="epoch", ylabel="mean cross-entropy", title="Digits: training loss")
    save(figure, "digits_loss.png", console.print)

    figure, grid = plt.subplots(3, 8, figsize=(8, 3.8))
    guesses = mlp_digits.predict(weights, x_test)
    for axes, image, guess, digit in zip(grid.flat, x_test, guesses, digits_test, strict=False):
        axes.imshow(image.reshape(8, 8), cmap="gray_r")
        axes.set_title(str(guess), color="black" if guess == digit else "red", fontsize=10)
        axes.axis("off")
    figure.suptitle("Digits: predictions on held-out images")
    save(figure, "digits_predictions.png", console.print)


def fit_predator_prey(console, plt):
    """Fit the Lotka-Volterra equations to pelts, and plot the fit."""
    from generated.predator_prey import misfit_value_and_grad

    result = predator_prey.fit(misfit_value_and_grad)
    assert result.success, result.message
    console.print(f"Lotka-Volterra: misfit {result.fun:.3f} after {result.nit} iterations")
    table = Table()
    table.add_column("parameter")
    table.add_column("value", justify="right")
    for name, value in zip(predator_prey.NAMES, np.exp(result.x), strict=True):
        table.add_row(name, f"{value:.4f}")
    console.print(table)

    years, hares, lynxes = predator_prey.load()
    times, hare_fit, lynx_fit = predator_prey.simulate(result.x, len(years))
    figure, axes = plt.subplots(figsize=(7, 4))
    for label, counts, curve in (("hare", hares, hare_fit), ("lynx", lynxes, lynx_fit)):
        (line,) = axes.plot(years[0] + times, curve, label=label)
        axes.plot(years, counts, "o", color=line.get_color())
    axes.set(xlabel="year", ylabel="pelts (thousands)", title="Hudson's Bay Company, 1900-1920")
    axes.legend()
    save(figure, "predator_prey.png", console.print)


def main():
    """Run all four parts."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    console = Console()
    start = time.perf_counter()
    console.rule("1. What adgen writes")
    show(console, energy.energy, adgen.grad(energy.energy), np.linspace(0.0, 1.0, 5))
    show(console, swing.swing, adgen.grad(swing.swing, argnums=("x0", "k")), 1.0, 2.0, 100)
    console.rule("2. A network learns digits")
    train_network(console, plt)
    console.rule("3. Lynx and hare")
    fit_predator_prey(console, plt)
    console.rule(f"done in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
