"""What a user reads when adgen refuses.  ``ADGEN_UPDATE=1 pytest tests/diagnostics`` rewrites refused.txt."""

import os
from pathlib import Path

import pytest

import adgen
from adgen.errors import AdgenError
from tests.diagnostics.refused import CASES

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = Path(__file__).parent / "refused.txt"
RULE = "=" * 100


def refusal_of(name: str) -> AdgenError:
    function, args, product = CASES[name]
    with pytest.raises(AdgenError) as caught:
        getattr(adgen, product)(function)(*args)
    return caught.value


def expected_messages() -> dict[str, str]:
    """The parts of the file, by name."""
    text = EXPECTED.read_text(encoding="utf-8") if EXPECTED.exists() else ""
    parts = (part.split("\n", 1) for part in text.split(f"{RULE}\n") if part)
    return {name: message.rstrip("\n") for name, message in parts}


@pytest.mark.parametrize("name", CASES)
def test_the_message_is_the_one_on_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = str(refusal_of(name))
    expected = expected_messages()
    if os.environ.get("ADGEN_UPDATE"):
        expected[name] = found
        kept = [f"{RULE}\n{one}\n{expected[one]}\n\n" for one in CASES if one in expected]
        EXPECTED.write_text("".join(kept), encoding="utf-8")
    assert found == expected.get(name)


def test_nothing_is_on_file_for_programs_that_are_gone() -> None:
    assert set(expected_messages()) <= set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_every_message_gives_reason_remedy_and_place(name: str) -> None:
    refusal = refusal_of(name)
    for error in getattr(refusal, "errors", (refusal,)):
        assert error.span is not None
        assert error.reason.endswith(".")
        assert error.remedy
        assert error.what
