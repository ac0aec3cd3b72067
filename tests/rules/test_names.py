"""Every public name that may carry a derivative has a rule, is handled, or is refused with a reason."""

from __future__ import annotations

import pytest

from adgen.frontend.coverage import coverage


@pytest.mark.parametrize("status", ["missing"])
def test_no_public_name_is_missing(status: str) -> None:
    found = list(coverage())
    assert len(found) > 1000
    missing = [f"{entry.module}.{entry.name}" for entry in found if entry.status == status]
    assert not missing, " ".join(missing)


def test_every_refusal_has_a_reason() -> None:
    bare = [f"{entry.module}.{entry.name}" for entry in coverage() if entry.status == "refused" and not entry.reason]
    assert not bare, " ".join(bare)
