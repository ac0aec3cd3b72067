"""The tree shows the architecture truthfully: who imports whom, how long files are, what `import adgen` costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "adgen"

# Who may import whom, directly.  A stage that is not named on the right of its line may not be imported.
# Every stage may import itself.  Files that stand alone in adgen/ are stages of their own.
ERRORS = {"errors"}
PROGRAM = {"program", *ERRORS}
RULES = {"rules", *PROGRAM}
ANALYSES = {"analyses", *RULES}
FRONTEND = {"frontend", *ANALYSES}
MAY_IMPORT = {
    "errors": {"program"},  # for spans only, see below
    "options": ERRORS,
    "program": ERRORS,
    "rules": PROGRAM | {"runtime"},  # the source of runtime functions is looked up by rules
    "analyses": RULES,
    "frontend": ANALYSES | {"options"},
    "transforms": ANALYSES | {"options", "runtime"},  # adjoints call functions of runtime
    "optimize": ANALYSES | {"options"},
    "emit": PROGRAM | {"options"},
    "lower": {"frontend", "optimize", "runtime", *ANALYSES},  # functions of runtime are specialised, and lowered
    "loading": {"runtime", "options", *RULES},  # the cache knows the rules by their text
    "signatures": FRONTEND,
    "runtime": set(),
    "differentiation": {"transforms", "options", *FRONTEND},
    "wrapping": {"differentiation", "transforms", "runtime", "loading", "options", *PROGRAM},
    "pipeline": {
        *("differentiation", "wrapping", "runtime", "frontend", "transforms", "optimize", "emit", "lower", "options"),
        *PROGRAM,
    },
    "fingerprint": set(),
    "kept": {"fingerprint", "pipeline", "loading", *RULES},
    "dispatch": {"kept", "loading", *FRONTEND},
    "compiled": {"kept", "loading", *PROGRAM},
    "numba_types": ERRORS,
    "apart": set(),
    "compiled_calls": {"apart", "compiled", "numba_types", "loading", *PROGRAM},
    "derivatives": {
        "compiled",
        "compiled_calls",
        "numba_types",
        "dispatch",
        "kept",
        "pipeline",
        "options",
        "loading",
        "signatures",
        *FRONTEND,
    },
    "draws": FRONTEND,
    "seeds": FRONTEND,
    "modes": {"draws", "seeds", "dispatch", "derivatives", "pipeline", "options", "signatures", *FRONTEND},
    "jacobians": {"draws", "modes", "dispatch", "derivatives", "options", *FRONTEND},
    "api": {
        "jacobians",
        "modes",
        "dispatch",
        "derivatives",
        "pipeline",
        "options",
        "loading",
        "signatures",
        "emit",
        *FRONTEND,
    },
    "testing": {"api", "options", *PROGRAM},
    "build": {"api", "pipeline", "options", "loading", "emit", *PROGRAM},
    "survey": {"api", "testing", *ERRORS},
    "cli": {"api", "build", "survey", "testing", "pipeline", "options", "loading", *PROGRAM},
    "__main__": {"cli"},
    "__init__": {"api", "testing", "options", "rules", "errors", "runtime"},
}

# The same for single files that are held to less than their stage.
MAY_IMPORT_ONLY = {
    "adgen/errors.py": {"adgen.program.spans"},
    "adgen/program/spans.py": set(),
    "adgen/rules/tables/": {"adgen.rules.kinds"},
    "adgen/runtime/": {"adgen.runtime"},
}

LONGEST_FILE = 400
LONGEST_LINE = 120
# Rule tables are exempt from the length of files and of lines: a row is one line where it can be.
TABLES = "adgen/rules/tables/"
# Other files that may be longer, each with its reason.
LONGER_FILES: dict[str, str] = {
    "adgen/frontend/supported.py": "one table, from which the manual's page is made",
}

SLOW_PACKAGES = ("numba", "scipy", "rich", "click", "matplotlib", "pytest", "tomllib")


def python_files():
    return sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def stage_of(module):
    """`adgen.rules.kinds` -> `rules`; `adgen` itself -> `__init__`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports_of(path):
    """The modules of adgen that a file imports anywhere in its text, with their lines."""
    package = name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".").split(".")
    here = package if path.name == "__init__.py" else package[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            names = [
                f"{source}.{alias.name}" if is_module(f"{source}.{alias.name}") else source for alias in node.names
            ]
        else:
            continue
        for name in names:
            if name == "adgen" or name.startswith("adgen."):
                yield name, node.lineno


def is_module(dotted):
    path = ROOT / dotted.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_imports_run_one_way(path):
    stage = stage_of(name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    assert stage in MAY_IMPORT, f"{name_of(path)}: say in MAY_IMPORT what the new stage {stage!r} may import"
    allowed = MAY_IMPORT[stage] | {stage}
    against = {
        f"{name_of(path)}:{line} imports {module}"
        for module, line in imports_of(path)
        if stage_of(module) not in allowed
    }
    assert not against, "\n".join(sorted(against))


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_files_held_to_less_than_their_stage(path):
    for prefix, allowed in MAY_IMPORT_ONLY.items():
        if name_of(path).startswith(prefix):
            for module, line in imports_of(path):
                inside = module in allowed or any(module.startswith(f"{name}.") for name in allowed)
                assert inside, f"{name_of(path)}:{line} imports {module}"


def test_stages_have_no_cycle():
    """MAY_IMPORT itself runs one way, but for the spans that error messages show."""
    order, left = [], {stage: allowed - {stage} for stage, allowed in MAY_IMPORT.items()}
    left["errors"] = set()
    while left:
        free = [stage for stage, allowed in left.items() if allowed <= set(order)]
        assert free, f"a cycle among {sorted(left)}"
        order.extend(free)
        left = {stage: allowed for stage, allowed in left.items() if stage not in free}


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_files_and_lines_are_short(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    name = name_of(path)
    if name.startswith(TABLES):
        return
    assert len(lines) <= LONGEST_FILE or name in LONGER_FILES, f"{name} has {len(lines)} lines: divide it"
    long = [f"{name}:{number}" for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE]
    assert not long, f"longer than {LONGEST_LINE} columns: {', '.join(long)}"


def test_exceptions_are_still_needed():
    for name in LONGER_FILES:
        path = ROOT / name
        assert path.is_file(), f"{name} is gone: drop it from LONGER_FILES"
        assert len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE, f"{name} is short now"


def run_python(code):
    """Run code in a fresh interpreter; its output."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def test_import_leaves_slow_packages_alone():
    code = f"import sys, adgen; print([name for name in {SLOW_PACKAGES!r} if name in sys.modules])"
    assert run_python(code) == "[]"


def test_import_is_quick():
    """Below 0.2 s of processor time beyond NumPy: the best of five, since a busy machine is no argument."""
    code = "import numpy, time; t = time.process_time(); import adgen; print(time.process_time() - t)"
    seconds = min(float(run_python(code)) for _ in range(5))
    assert seconds < 0.2, f"import adgen takes {seconds:.2f} s beyond numpy"


def test_generated_modules_need_nothing_of_adgen():
    for path in sorted((ROOT / "generated").rglob("*.py")):
        assert not list(imports_of(path)), f"{name_of(path)} imports adgen"
