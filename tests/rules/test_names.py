"""Every public name that may carry a derivative has a rule, is handled, or is refused with a reason."""

from __future__ import annotations

import ast
import operator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import scipy as sp

from adgen.frontend.coverage import coverage
from adgen.frontend.coverage_page import load_others, missing, page, versions

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "numpy-coverage.md"
INSTALLED = SimpleNamespace(np=np, scipy=sp, sp=sp)  # other tools know names that NumPy has no longer
TABLES = ROOT / "adgen" / "rules" / "tables"


@pytest.mark.parametrize("status", ["missing"])
def test_no_public_name_is_missing(status: str) -> None:
    found = list(coverage())
    assert len(found) > 1000
    missing = [f"{entry.module}.{entry.name}" for entry in found if entry.status == status]
    assert not missing, " ".join(missing)


def test_every_refusal_has_a_reason() -> None:
    bare = [f"{entry.module}.{entry.name}" for entry in coverage() if entry.status == "refused" and not entry.reason]
    assert not bare, " ".join(bare)


def test_the_page_of_functions_is_up_to_date() -> None:
    stale = "renew it: python -m adgen.frontend.coverage_page > docs/numpy-coverage.md"
    text = PAGE.read_text(encoding="utf-8")
    if f"Counted with {versions()}." not in text and "Counted with Python 3.11" in text:
        pytest.skip(f"the page is not that of {versions()}")
    assert text == page(load_others()), stale


def test_autograd_covers_nothing_that_is_missing_here() -> None:
    found = list(coverage())
    for module, theirs in load_others()["autograd"].items():
        names = {*theirs["reverse"], *theirs["forward"]}
        assert len(names) > 3
        installed = operator.attrgetter(module)(INSTALLED)
        assert not missing(found, module, sorted(n for n in names if hasattr(installed, n))), module


def test_every_table_names_its_sources() -> None:
    """Families share their literature: it stands in the docstring of the table, with sections at the headings."""
    silent = [
        path.name
        for path in sorted(TABLES.glob("*.py"))
        if path.name != "__init__.py" and "Sources" not in (ast.get_docstring(ast.parse(path.read_text())) or "")
    ]
    assert not silent, " ".join(silent)
