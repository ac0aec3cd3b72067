"""What the command lines of the examples share: the option `--plot`, and the folder of figures."""

import argparse
from pathlib import Path

OUTPUT = Path(__file__).parent / "output"


def wants_plot(doc):
    """Read the command line; `doc` is the example's docstring."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--plot", action="store_true", help=f"save figures in {OUTPUT.name}/")
    return parser.parse_args().plot


def figures(*size):
    """A figure and its axes, drawn without a screen."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    return plt.subplots(*size, figsize=(4.0 * (size[1] if size else 1.5), 3.2 * (size[0] if size else 1.25)))


def save(figure, name, show=print):
    """Write a figure to the folder `output`, and say so."""
    OUTPUT.mkdir(exist_ok=True)
    figure.tight_layout()
    figure.savefig(OUTPUT / name, dpi=120)
    show(f"saved examples/output/{name}")


def curve(name, history, xlabel, ylabel, *, logarithmic=True):
    """Plot what training recorded."""
    figure, axes = figures()
    (axes.semilogy if logarithmic else axes.plot)(range(1, len(history) + 1), history)
    axes.set(xlabel=xlabel, ylabel=ylabel, title=name.partition(".")[0].replace("_", " "))
    save(figure, name)
