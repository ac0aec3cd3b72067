"""Plots of what was measured: how the cost grows with the size, and how far each tool is from the adjoint by hand."""

import importlib
import math
from pathlib import Path

from benchmarks.report import PEERS, SIZES, TITLES, ratio, seconds

HERE = Path(__file__).parent
LINES = {
    "primal": ("0.6", "--"), "hand": ("black", "-"), "adgen": ("tab:red", "-"), "jax": ("tab:blue", "-"),
    "torch": ("tab:orange", "-"), "autograd": ("tab:green", "-"), "casadi": ("tab:purple", "-"),
}  # fmt: skip
COLUMNS = 4


def growth(plt, problems):
    count = math.ceil(len(problems) / COLUMNS)
    figure, axes = plt.subplots(count, COLUMNS, figsize=(3.0 * COLUMNS, 2.3 * count), squeeze=False)
    for axis in axes.flat[len(problems) :]:
        axis.set_axis_off()
    for axis, (name, entry) in zip(axes.flat, problems.items(), strict=False):
        module = importlib.import_module(f"benchmarks.problems.{name}")
        for tool, (color, style) in LINES.items():
            points = [(k, seconds(entry, size, tool)) for k, size in enumerate(SIZES)]
            known = [point for point in points if point[1]]
            if known:
                axis.plot(*zip(*known, strict=True), style, color=color, marker=".", label=TITLES[tool], linewidth=1.2)
        axis.set_yscale("log")
        axis.set_xticks(range(len(SIZES)), [str(module.SIZES[size]).replace(" ", "") for size in SIZES], fontsize=6)
        axis.tick_params(axis="y", labelsize=6)
        axis.set_title(name.replace("_", " "), fontsize=8)
    handles = {}
    for axis in axes.flat:
        handles |= dict(zip(*reversed(axis.get_legend_handles_labels()), strict=True))
    figure.legend(handles.values(), handles.keys(), loc="lower center", ncol=len(handles), fontsize=7)
    figure.suptitle("seconds (CPU) of a gradient against the size of the problem", fontsize=9)
    figure.tight_layout(rect=(0, 0.03, 1, 0.99))
    return figure


def ratios(plt, problems):
    figure, axis = plt.subplots(figsize=(9.0, 0.32 * len(problems) + 1.2))
    for row, entry in enumerate(reversed(problems.values())):
        for tool in ("adgen", *PEERS):
            found = [ratio(entry, size, tool, "hand") for size in SIZES]
            known = [value for value in found if value]
            color = LINES[tool][0]
            axis.plot(known, [row] * len(known), "o", color=color, markersize=6 if tool == "adgen" else 3.5)
    for tool in ("adgen", *PEERS):
        axis.plot([], [], "o", color=LINES[tool][0], label=TITLES[tool])
    axis.axvline(1.0, color="black", linewidth=0.8)
    axis.axvline(1.3, color="black", linewidth=0.5, linestyle=":")
    axis.set_xscale("log")
    axis.set_yticks(range(len(problems)), [name.replace("_", " ") for name in reversed(problems)], fontsize=7)
    axis.set_xlabel("time of a gradient / time of the adjoint by hand (three sizes each)", fontsize=8)
    axis.legend(fontsize=7, loc="upper right")
    figure.tight_layout()
    return figure


def write(data):
    try:
        import matplotlib as mpl
    except ImportError:
        print("no plots: matplotlib is not installed")
        return
    mpl.use("Agg")
    mpl.rcParams["svg.fonttype"] = "none"
    mpl.rcParams["svg.hashsalt"] = "adgen"
    import matplotlib.pyplot as plt

    problems = {name: data["problems"][name] for name in sorted(data["problems"])}
    for name, draw in (("growth", growth), ("ratios", ratios)):
        figure = draw(plt, problems)
        figure.savefig(HERE / f"{name}.svg", metadata={"Date": None})
        plt.close(figure)
