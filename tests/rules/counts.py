"""How many tests each row has: ``python -m tests.rules.counts``."""

from __future__ import annotations

from collections import Counter
from statistics import median

from adgen.frontend.coverage import coverage
from adgen.rules.definitions import DEFINITIONS
from adgen.rules.kinds import ROWS
from adgen.rules.registry import resolve
from tests.rules.breadth import GROUPS
from tests.rules.test_degenerate_cases import SECOND, STATED
from tests.rules.test_every_row import CASES, DIFFERENTIABLE, find
from tests.rules.test_through_compiler import NUMBERS, PROGRAMS
from tests.rules.test_variants import LINES


def main() -> None:
    """Each sample is evaluated (1), and taken through the compiler: first and second order, single precision, third."""
    rows = [r for r in ROWS if r.kind in DIFFERENTIABLE and any(resolve(h.callee) is not None for h in r.heads)]
    samples = Counter(id(find(s)[0]) for s in CASES)
    tests = Counter(samples)
    for sample in PROGRAMS:
        tests[id(find(sample)[0])] += 2 + sample.single
    for sample in NUMBERS:
        tests[id(find(sample)[0])] += 1
    number = Counter(entry.status for entry in coverage())
    done = sum(number[s] for s in ("row", "definition", "frontend"))
    per_row = [tests[id(row)] for row in rows]
    print(f"{len(rows)} rows for {sum(len(r.heads) for r in rows)} forms of calls, {len(DEFINITIONS)} definitions")
    print(
        f"{done} functions are differentiated of {done + number['refused']} that can be; {number['constant']} constant"
    )
    print(
        f"{sum(samples.values())} samples; tests per row: {min(per_row)} at least, {median(per_row):.0f} in the median,"
    )
    print(f"{max(per_row)} at most, {sum(per_row)} in all")
    calls = sum(len(lines) for lines in GROUPS.values())
    print(f"besides {calls} calls with their keywords (one test), {len(LINES)} variants (two tests),")
    print(f"{len(STATED) + len(SECOND)} degenerate cases with stated derivatives")


if __name__ == "__main__":
    main()
