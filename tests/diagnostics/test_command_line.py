"""What `adgen show`, `build` and `check` print and write; the compiler is replaced by a stub."""

import sys
import types
from pathlib import Path

import pytest
from click.testing import CliRunner

from adgen.cli import main
from adgen.errors import NotScalar

SOURCE = """\
FACTOR = 2.0

def helper(x):
    return x * FACTOR

def f(x, y):
    return helper(x) * y

def g(x):
    return x
"""

CONFIG = """\
[tool.adgen]
output = "out"

[[tool.adgen.derivative]]
function = "{module}:f"
products = ["grad", "jvp"]
argnums = ["x", "y"]

[[tool.adgen.derivative]]
function = "{module}:g"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A project with a source module of a name of its own, a config, and a stub of the compiler."""
    name = f"source_of_{abs(hash(request.node.name))}"
    (tmp_path / f"{name}.py").write_text(SOURCE)
    (tmp_path / "pyproject.toml").write_text(CONFIG.format(module=name))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    stub = types.ModuleType("adgen.api")
    stub.generate_module = lambda entries: "".join(
        f"def {entry.name}_{product}():\n    return {entry.argnums!r}\n"
        for entry in entries
        for product in entry.products
    )
    monkeypatch.setitem(sys.modules, "adgen.api", stub)
    return tmp_path


def source_of(project: Path) -> Path:
    return next(project.glob("source_of_*.py"))


def change(project: Path, old: str, new: str) -> None:
    path = source_of(project)
    path.write_text(path.read_text().replace(old, new))
    sys.modules.pop(path.stem, None)
    import linecache

    linecache.clearcache()


def run(*words: str):
    return CliRunner().invoke(main, words, catch_exceptions=False)


def test_build_writes_one_module_for_each_source_module_and_check_is_content(project: Path) -> None:
    result = run("build")
    assert result.exit_code == 0
    name = source_of(project).name
    assert result.output.split() == ["written", f"out/{name}"]
    text = (project / "out" / name).read_text()
    assert "def f_grad():\n    return ('x', 'y')\n" in text
    assert "def g_grad()" in text
    assert run("build").output.split()[0] == "unchanged"
    assert run("check").output == f"up to date out/{name}\n"
    assert [p.name for p in (project / "out").iterdir()] == [name]


def test_check_names_the_function_and_that_its_source_changed(project: Path) -> None:
    run("build")
    change(project, "return x\n", "return x * 3\n")
    result = run("check")
    assert result.exit_code == 1
    assert ":g: source changed" in result.output
    assert ":f:" not in result.output


@pytest.mark.parametrize("edit", [("x * FACTOR", "x + FACTOR"), ("FACTOR = 2.0", "FACTOR = 3.0")])
def test_a_change_in_a_callee_or_a_constant_is_a_change_of_the_source(project: Path, edit: tuple) -> None:
    run("build")
    change(project, *edit)
    assert ":f: source changed" in run("check").output


def test_check_tells_options_edits_by_hand_and_missing_files_apart(project: Path) -> None:
    run("build")
    generated = project / "out" / source_of(project).name
    config = project / "pyproject.toml"
    text = config.read_text()
    config.write_text(text.replace('["x", "y"]', '"x"'))
    assert ":f: options changed" in run("check").output
    config.write_text(text.partition("[[tool.adgen.derivative]]\nfunction = ")[0] + text[text.rindex("[[") :])
    assert "no longer listed" in run("check").output
    config.write_text(text)
    generated.write_text(generated.read_text() + "# mine\n")
    assert run("check").output.count("was edited by hand") == 2
    generated.unlink()
    assert run("check").output.count("is missing") == 2


def test_check_notices_that_the_rules_or_the_compiler_changed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("build")
    with monkeypatch.context() as patch:
        patch.setattr("adgen.build.rules_hash", lambda: "0" * 16)
        assert run("check").output.count("rules changed") == 2
    monkeypatch.setattr(sys.modules["adgen.api"], "generate_module", lambda _: "x = 1\n")
    assert "this version of adgen writes another" in run("check").output


def test_a_failed_build_leaves_the_old_module_and_reports(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("build")
    generated = project / "out" / source_of(project).name
    before = generated.read_text()

    def refuse(entries):
        raise NotScalar("not-scalar", "an array", None, reason="because", remedy="np.sum(y)")

    monkeypatch.setattr(sys.modules["adgen.api"], "generate_module", refuse)
    result = run("build")
    assert result.exit_code == 1
    assert "adgen: NotScalar [not-scalar]" in result.output
    assert "Traceback" not in result.output
    assert generated.read_text() == before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (":g", ":gg", "has no function gg"),
        (":f", ":helpr", "did you mean 'helper'?"),
        ("source_of", "sauce_of", "there is no module"),
        ('"jvp"', '"jvpp"', "did you mean 'jvp'?"),
        ('"x", "y"', '"x", "z"', "there is no parameter 'z'"),
        ('["x", "y"]', "5", "argnums 5 of 2 parameters"),
        ('["x", "y"]', "1.5", "argnums is an index"),
        ("argnums", "argnum", "did you mean 'argnums'?"),
        ('output = "out"', "output = 3", "output is the name of a folder"),
        ("[tool.adgen]", "[tool.adgen", "pyproject.toml: "),
        ("tool.adgen", "tool.other", "no section [tool.adgen]"),
        ('products = ["grad", "jvp"]', "jit = 1", "jit is true or false"),
    ],
)
def test_mistakes_in_the_configuration_are_told_in_a_sentence(project: Path, old: str, new: str, message: str) -> None:
    config = project / "pyproject.toml"
    config.write_text(config.read_text().replace(old, new))
    result = run("build")
    assert result.exit_code == 1
    assert result.output.startswith("adgen: ")
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_module_that_fails_to_import_is_named_with_its_error(project: Path) -> None:
    change(project, "FACTOR = 2.0", "FACTOR = 1 / 0")
    result = run("build")
    assert result.exit_code == 1
    assert "failed: ZeroDivisionError" in result.output


def test_two_functions_of_one_name_need_two_files(project: Path) -> None:
    config = project / "pyproject.toml"
    text = config.read_text()
    config.write_text(text + text[text.rindex("[[") :])
    assert "would be defined twice" in run("build").output


def test_show_prints_plain_source_when_piped(project: Path) -> None:
    result = run("show", f"{source_of(project).stem}:f", "--argnums", "x,y", "--mode", "forward")
    assert result.output == "def f_jvp():\n    return ('x', 'y')\n"


def test_show_of_a_function_with_several_results_shows_its_pullback(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def generate(entries):
        if entries[0].products == ("grad",):
            raise NotScalar("not-scalar", "a tuple")
        return f"# {entries[0].products}\n"

    monkeypatch.setattr(sys.modules["adgen.api"], "generate_module", generate)
    assert run("show", f"{source_of(project).stem}:f").output == "# ('vjp',)\n"


def test_show_tells_a_missing_function_in_a_sentence(project: Path) -> None:
    result = run("show", "nowhere.at_all:f")
    assert result.exit_code == 1
    assert result.output.startswith("adgen: nowhere.at_all:f: there is no module nowhere")


def test_a_function_is_checked_at_sample_arguments(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = f"{source_of(project).stem}:f"
    assert "is checked at arguments" in run("check", target).output
    assert "NameError" in run("check", target, "--args", "nothing").output
    seen = []
    monkeypatch.setattr("adgen.testing.check_grads", lambda _, args, jit: seen.append((args, jit)))
    assert run("check", target, "--args", "1.0, 2.0").exit_code == 0
    assert seen == [((1.0, 2.0), False)]

    def disagree(f, args, jit):
        raise AssertionError("derivatives disagree")

    monkeypatch.setattr("adgen.testing.check_grads", disagree)
    result = run("check", target, "--args", "1.0, 2.0", "--jit")
    assert (result.exit_code, result.output) == (1, f"{target}: derivatives disagree\n")
