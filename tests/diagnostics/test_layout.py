"""The layout of a refusal, as text."""

import pickle
from pathlib import Path
from textwrap import dedent

import pytest

from adgen.errors import InternalError, MissingRule, NotScalar, Refusals, UnsupportedSyntax, raise_all
from adgen.program.spans import Span

SOURCE = """\
def energy(u0):
    u = step(u0)
    return sum(v * v for v in u)


def total(u0):
\treturn 2.0 * energy(u0)  # tab
    größe = lies(u0)
    漢字 = energy(
        u0)
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "wave"
    folder.mkdir()
    (folder / "model.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return str(folder / "model.py")


def generator(model: str) -> UnsupportedSyntax:
    return UnsupportedSyntax(
        "generator-expression",
        "a generator cannot be differentiated",
        Span(model, 3, 15, 3, 31, "energy"),
        reason="the reverse sweep visits the items again, last to first; a generator runs once.",
        remedy="np.sum(u * u)",
    )


def test_a_refusal_shows_place_carets_reason_and_remedy(model: str) -> None:
    assert str(generator(model)) == dedent("""\
        adgen: UnsupportedSyntax [generator-expression]
          wave/model.py, line 3, in energy()

            2 |     u = step(u0)
            3 |     return sum(v * v for v in u)
              |                ^^^^^^^^^^^^^^^^ a generator cannot be differentiated

          why:    the reverse sweep visits the items again, last to first; a generator runs once.
          try:    np.sum(u * u)
          manual: supported-python.html#generator-expression""").replace("\n    ", "\n    ")


def test_calls_that_led_to_the_fault_are_listed(model: str) -> None:
    error = generator(model).called_from(Span(model, 7, 14, 7, 24, "total"))
    assert str(error).splitlines()[1:3] == [
        "  wave/model.py, line 3, in energy()",
        "  called from wave/model.py, line 7, in total()",
    ]


def test_carets_stand_under_the_range_after_tabs(model: str) -> None:
    lines = str(NotScalar("not-scalar", "an array", Span(model, 7, 14, 7, 24))).splitlines()
    assert lines[1] == "  wave/model.py, line 7"
    assert lines[4:6] == [
        "    7 | \treturn 2.0 * energy(u0)  # tab",
        "      | \t             ^^^^^^^^^^ an array",
    ]


def test_columns_count_bytes_as_ast_does(model: str) -> None:
    line = SOURCE.splitlines()[7]
    start = len(line[: line.index("lies")].encode())
    text = str(NotScalar("not-scalar", "here", Span(model, 8, start, 8, start + 8))).splitlines()
    assert text[5] == "      |             ^^^^^^^^ here"


def test_wide_characters_move_the_carets(model: str) -> None:
    line = SOURCE.splitlines()[8]
    start = len(line[: line.index("energy")].encode())
    text = str(NotScalar("not-scalar", "here", Span(model, 9, start, 10, 11))).splitlines()
    assert text[5] == "      |            ^^^^^^^ here"


def test_without_source_the_finding_stands_alone() -> None:
    error = MissingRule("missing-rule", "no rule for lib.f", Span("<stdin>", 4, 0, 4, 3, "g"), remedy="a\nb")
    assert (
        str(error) == "adgen: MissingRule [missing-rule]\n  <stdin>, line 4, in g()\n\n  no rule for lib.f\n\n"
        "  try:    a\n          b\n  manual: supported-python.html#missing-rule"
    )


def test_an_internal_error_asks_for_a_report_and_names_no_manual(model: str) -> None:
    text = str(InternalError("remove_dead_code", "the pass broke single assignment", Span(model, 3, 4, 3, 10)))
    assert "manual" not in text
    assert text.endswith("report: this is a fault of adgen; the program above reproduces it")


def test_refusals_come_together_in_order_of_the_source_and_each_once(model: str) -> None:
    late = NotScalar("not-scalar", "late", Span(model, 7, 14, 7, 24))
    both = Refusals([late, generator(model), generator(model)])
    assert [error.slug for error in both.errors] == ["generator-expression", "not-scalar"]
    assert str(both).count("adgen: ") == 2
    assert both.slug == "generator-expression"


def test_one_refusal_is_raised_as_itself_and_none_is_not_raised(model: str) -> None:
    raise_all([])
    with pytest.raises(UnsupportedSyntax):
        raise_all([generator(model)])
    with pytest.raises(Refusals):
        raise_all([generator(model), NotScalar("not-scalar", "late", Span(model, 7, 14, 7, 24))])


def test_errors_survive_pickling(model: str) -> None:
    error = Refusals([generator(model)])
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
