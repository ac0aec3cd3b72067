"""The manual's page of functions, generated from the tables: ``python -m adgen.frontend.coverage_page``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from adgen.frontend.coverage import Coverage, coverage
from adgen.rules.definitions import DEFINITIONS
from adgen.rules.kinds import ROWS

DIFFERENTIATED = ("row", "definition", "frontend")
KINDS = ("elementwise", "linear", "bilinear", "general")
OTHERS = Path(__file__).resolve().parents[2] / "docs" / "other-tools.json"
INTRODUCTION = """# Functions

Generated from the tables of rules by `python -m adgen.frontend.coverage_page`; do not edit.

Every public function of these modules is in one of the lists below, and a test walks their names. *Kind* says how both
modes follow: from a row of the tables (elementwise, linear, bilinear, general), from a **definition** (the function
written in Python over others that have rows, specialised in the place of the call), or because the **frontend** carries
it out itself. A row may stand beside a definition, which then serves the arguments that the row does not know. All have
both modes, and second derivatives. *At kinks* says what is taken where there is no derivative.

Constant functions have derivative zero wherever it exists, or results that are no floats. What is refused is refused
when the derivative is generated, with the place, and the reason that stands here. `adgen.rule` adds what is missing.
"""


def page(others: Mapping[str, Any]) -> str:
    """The page, as Markdown."""
    found = list(coverage())
    lines = [INTRODUCTION, f"Counted with {versions()}.", "", *counts(found)]
    for module in dict.fromkeys(entry.module for entry in found):
        lines += section(module, [entry for entry in found if entry.module == module])
    lines += comparison(found, others)
    return "\n".join(lines) + "\n"


def versions() -> str:
    """What the names of the page are those of."""
    major, minor = sys.version_info[:2]
    others = [f"{name} {'.'.join(version(name).split('.')[:2])}" for name in ("numpy", "scipy")]
    return ", ".join([f"Python {major}.{minor}", *others])


def counts(found: list[Coverage]) -> list[str]:
    lines = ["| module | differentiated | of those that can be | constant | refused |", "|---|---|---|---|---|"]
    for module in dict.fromkeys(entry.module for entry in found):
        number = Counter(entry.status for entry in found if entry.module == module)
        done = sum(number[status] for status in DIFFERENTIATED)
        lines.append(
            f"| `{module}` | {done} | {done + number['refused']} | {number['constant']} | {number['refused']} |"
        )
    heads = sum(len(row.heads) for row in ROWS if row.kind in KINDS)
    rows = Counter(row.kind for row in ROWS if row.kind in KINDS)
    return [
        *lines,
        "",
        f"They follow from {rows.total()} rows ({', '.join(f'{rows[k]} {k}' for k in KINDS)})",
        f"for {heads} forms of calls, and from {len(DEFINITIONS)} definitions.",
        "`python -m tests.rules.counts` prints how many tests each row has.",
        "",
    ]


def section(module: str, entries: list[Coverage]) -> list[str]:
    lines = [f"## {module}", ""]
    done = [e for e in entries if e.status in DIFFERENTIATED]
    plain = [e for e in done if not e.kinks and not e.numba]
    noted = [e for e in done if e.kinks or e.numba]
    if noted:
        lines += ["| function | kind | at kinks | spelt for Numba |", "|---|---|---|---|"]
        lines += [f"| `{e.name}` | {kind(e)} | {'; '.join(e.kinks)} | {code(e.numba)} |" for e in noted]
        lines.append("")
    for title in dict.fromkeys(map(kind, plain)):
        lines += [f"- {title}: {listed(e for e in plain if kind(e) == title)}"]
    lines += [f"- constant: {listed(e for e in entries if e.status == 'constant')}"] * any(
        e.status == "constant" for e in entries
    )
    reasons = dict.fromkeys(e.reason for e in entries if e.status == "refused")
    for reason in reasons:
        names = listed(e for e in entries if e.status == "refused" and e.reason == reason)
        lines.append(f"- refused ({reason.rstrip('.')}): {names}")
    return [*lines, ""]


def kind(entry: Coverage) -> str:
    return ", ".join(entry.kinds) or entry.status


def code(text: str) -> str:
    return f"`{text.replace('|', chr(92) + '|')}`" if text else ""


def listed(entries: Iterable[Coverage]) -> str:
    return ", ".join(f"`{entry.name}`" for entry in entries)


def comparison(found: list[Coverage], others: Mapping[str, Any]) -> list[str]:
    """Who differentiates what: by name, for functions that adgen or another tool differentiates."""
    versions, own = others["versions"], {(e.module, e.name): e for e in found}
    lines = ["## Who covers what", ""]
    lines += [
        f"Names found on {others['date']} in autograd {versions['autograd']} (functions with a defvjp or defjvp, and",
        f"those written in Python over them) and in jax {versions['jax']} (public functions of jax.numpy, whatever",
        f"they return), beside NumPy {versions['numpy']}: `docs/other-tools.json`. A name tells nothing of arguments.",
        "",
        "| module | adgen | autograd, reverse | autograd, forward | jax.numpy, of adgen's | jax.numpy alone |",
        "|---|---|---|---|---|---|",
    ]
    alone: list[str] = []
    sides: list[str] = []
    for module in others["jax"]:
        ours = {name for (m, name), e in own.items() if m == module and e.status in DIFFERENTIATED}
        constant = {name for (m, name), e in own.items() if m == module and e.status == "constant"}
        theirs = others["autograd"][module]
        jax = set(others["jax"][module]) - constant
        lines.append(
            f"| `{module}` | {len(ours)} | {len(theirs['reverse'])} | {len(theirs['forward'])} "
            f"| {len(ours & jax)} | {len(jax - ours)} |"
        )
        alone += [f"`{module}.{name}`" for name in sorted(jax - ours)]
        sides += side_by_side(module, ours, {*theirs["reverse"], *theirs["forward"]}, jax)
    lines += ["", *sides, "", f"In jax.numpy and refused here: {', '.join(alone) or 'none'}.", ""]
    for module, theirs in others["autograd"].items():
        names = sorted({*theirs["reverse"], *theirs["forward"]})
        lacking = ", ".join(missing(found, module, names)) or "none"
        lines.append(f"- autograd's `{module}`: {len(names)} names; not here: {lacking}")
    return lines


def side_by_side(module: str, ours: set[str], autograd: set[str], jax: set[str]) -> list[str]:
    """Which tools differentiate what, by name."""
    groups = {
        "all three": ours & autograd & jax,
        "adgen and jax.numpy": (ours & jax) - autograd,
        "adgen and autograd": (ours & autograd) - jax,
        "adgen alone": ours - autograd - jax,
    }
    return [
        f"- `{module}`, {who} ({len(names)}): {', '.join(f'`{n}`' for n in sorted(names)) or 'none'}"
        for who, names in groups.items()
    ]


def missing(found: list[Coverage], module: str, names: Iterable[str]) -> list[str]:
    """Names that are neither differentiated nor known to have derivative zero."""
    known = {e.name for e in found if e.module == module and e.status in (*DIFFERENTIATED, "constant")}
    return [name for name in names if name not in known]


def load_others() -> dict[str, Any]:
    return json.loads(OTHERS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.stdout.write(page(load_others()))
