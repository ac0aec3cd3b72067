"""`python -m benchmarks [PROBLEMS] [--sizes small,medium,large] [--tools hand,adgen,...]`: see README.md.

What was measured is merged into results.json, from which RESULTS.md and the plots are written anew.
"""

import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from benchmarks import plots, report

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
PROBLEMS = tuple(sorted(path.stem for path in (HERE / "problems").glob("[a-z]*.py")))
SIZES = ("small", "medium", "large")
COMPILED = ("hand", "primal", "adgen", "jax", "torch", "autograd", "casadi")
INTERPRETED = (
    "primal interpreted", "adgen interpreted", "autograd as written", "tangent as written", "adgen on arrays",
)  # fmt: skip
FIRST = ("hand", "adgen", "jax", "torch", "autograd")  # whose first call and memory are measured
FIRST_SIZE = "medium"
PACKAGES = "numpy numba llvmlite scipy jax jaxlib torch autograd casadi tangent-ad".split()


def measured(folder, **task):
    """The answers of one process, as they come."""
    environment = os.environ | {"ADGEN_CACHE_DIR": folder, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.measure", json.dumps(task)]
    with subprocess.Popen(
        command, cwd=HERE.parent, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if line.startswith("{"):
                yield json.loads(line)
        failure = process.stderr.read()
    if process.returncode:
        print(f"{task}: ended with {process.returncode}\n{failure[-1500:]}", file=sys.stderr)


def of_problem(name, sizes, tools, *, with_first, told):
    """Everything about one problem; `told` hears of each step."""
    entry = {"sizes": {}, "first": {}, "commit": commit(), "load": load(), "when": f"{dt.datetime.now(dt.UTC):%F %R}"}
    with tempfile.TemporaryDirectory() as folder:
        for answer in measured(folder, kind="race", problem=name, sizes=sizes, tools=tools):
            if "tool" in answer:
                told(f"{name}, {answer['size']}: {answer['tool']}")
                entry["sizes"].setdefault(answer.pop("size"), {})[answer.pop("tool")] = answer
    for tool in [tool for tool in FIRST if tool in tools and with_first]:
        told(f"{name}: first call of {tool}")
        with tempfile.TemporaryDirectory() as folder:  # nothing is cached for a first call
            for answer in measured(folder, kind="first", problem=name, size=FIRST_SIZE, tool=tool):
                entry["first"][answer.pop("tool")] = answer
    return entry


def merged(old, new):
    """Newer figures, and of the older those that were not measured again."""
    sizes = {size: old.get("sizes", {}).get(size, {}) | new["sizes"].get(size, {}) for size in SIZES}
    return new | {"sizes": sizes, "first": old.get("first", {}) | new["first"]}


# ---- what was measured, and on what ---------------------------------------------------------------


def load():
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def commit():
    """A commit, marked if adgen/ or benchmarks/*.py were changed since."""

    def git(*words):
        return subprocess.run(["git", *words], cwd=HERE.parent, capture_output=True, text=True, check=False).stdout

    changed = git("status", "--porcelain", "--", "adgen", "benchmarks/*.py").strip()
    return (git("rev-parse", "--short", "HEAD").strip() or "unknown") + (" and changes" if changed else "")


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def machine():
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return {
        "processor": f"{processor()}, {os.cpu_count()} logical cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": versions,
    }


def chosen(words, known, what):
    unknown = [word for word in words if word not in known]
    if unknown:
        raise click.BadParameter(f"no such {what}: {', '.join(unknown)}; there are {', '.join(known)}")
    return [word for word in known if word in words] if words else list(known)


@click.command()
@click.argument("problems", nargs=-1)
@click.option("--sizes", default="", help="Some of small,medium,large.")
@click.option("--tools", default="", help="Some of the tools; `hand` always runs, for it is the unit and the check.")
@click.option("--first/--no-first", "with_first", default=True, help="Whether to measure first calls and memory.")
@click.option("--only-report", is_flag=True, help="Write the page and the plots from what was measured before.")
def main(problems, sizes, tools, *, with_first, only_report):
    """Gradients by adgen against adjoints written by hand and against other tools."""
    data = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {"problems": {}}
    names = chosen(problems, PROBLEMS, "problem")
    some_sizes = chosen([size for size in sizes.split(",") if size], SIZES, "size")
    some_tools = chosen([tool for tool in tools.split(",") if tool], COMPILED + INTERPRETED, "tool")
    some_tools = ["hand", *[tool for tool in some_tools if tool != "hand"]]
    if not only_report:
        data["machine"] = machine()
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns) as progress:
            bar = progress.add_task("", total=len(names))
            for name in names:

                def told(text):
                    progress.update(bar, description=text)

                new = of_problem(name, some_sizes, some_tools, with_first=with_first, told=told)
                data["problems"][name] = merged(data["problems"].get(name, {}), new)
                RESULTS.write_text(json.dumps(data, indent=1) + "\n", "utf-8")
                progress.advance(bar)
    report.write(data)
    plots.write(data)


if __name__ == "__main__":
    main()
