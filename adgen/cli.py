"""The command line: ``adgen show``, ``adgen build``, ``adgen check``, ``adgen survey``."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click

from adgen import build as building
from adgen.errors import AdgenError, NotScalar, Refusals

CONFIG = click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path("pyproject.toml"),
    show_default=True,
    help="File with a section [tool.adgen].",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Derivatives of plain Python and NumPy functions, as source."""


@main.command()
@click.argument("target", metavar="PACKAGE.MODULE:FUNCTION")
@click.option("--mode", type=click.Choice(["reverse", "forward"]), default="reverse", show_default=True)
@click.option("--signature", help='Types of the arguments in Numba\'s words: "float64(float64[:], int64)".')
@click.option("--argnums", default="0", show_default=True, help="Indices or names, with commas between.")
@click.option("--jit", is_flag=True, help="The form that Numba compiles.")
def show(target: str, mode: str, signature: str | None, argnums: str, jit: bool) -> None:
    """Print the derivative of a function."""
    with _plain_messages():
        function = building.find_function(target, Path.cwd())
        chosen = building.parse_argnums(argnums)
        building.check_argnums(chosen, function, target)
        if mode == "forward":
            text = _generate(building.Entry(target, function, ("jvp",), chosen, signature, jit))
        else:
            try:
                text = _generate(building.Entry(target, function, ("grad",), chosen, signature, jit))
            except AdgenError as error:
                if not _is_not_scalar(error):
                    raise
                text = _generate(building.Entry(target, function, ("vjp",), chosen, signature, jit))
        _print_source(text)


@main.command("build")
@CONFIG
def build_command(config: Path) -> None:
    """Write the modules that [tool.adgen] lists."""
    with _plain_messages():
        modules = building.read_config(config)
        if not modules:
            click.echo(f"{config} lists no [[tool.adgen.derivative]]")
        failed = False
        for outcome in building.build(modules):
            click.echo(f"{outcome.action:<10} {_short(outcome.path)}")
            if outcome.error is not None:
                failed = True
                click.echo(f"\n{outcome.error}\n", err=True)
        if failed:
            sys.exit(1)


@main.command()
@click.argument("target", metavar="[PACKAGE.MODULE:FUNCTION]", required=False)
@click.option("--args", "sample", help='Sample arguments, as Python: "1.0, np.ones(3)".')
@click.option("--jit", is_flag=True, help="Check the compiled derivatives.")
@CONFIG
def check(target: str | None, sample: str | None, jit: bool, config: Path) -> None:
    """Check derivatives.

    Of a function: against differences, at sample arguments.  Without one: whether the generated modules are
    what `adgen build` would write now.
    """
    with _plain_messages():
        if target is not None:
            _check_function(target, sample, jit)
        else:
            _check_files(config)


@main.command("survey")
@click.argument("packages", metavar="PACKAGE...", nargs=-1)
@click.option("--module", "modules", multiple=True, help="A module to survey; all of the package without it.")
@click.option("--skip", multiple=True, help="A module to leave out.")
@click.option("--only", default="", help="A part of the names of the functions wanted.")
@click.option("--json", "folder", type=click.Path(path_type=Path), help="Folder for PACKAGE.json.")
@click.option("--page", type=click.Path(path_type=Path), help="Page for the results of all in the --json folder.")
@click.option("--again", is_flag=True, help="Judge only what did not pass according to the --json folder.")
@click.option("--jobs", default=2, show_default=True, help="Functions at a time.")
@click.option("--timeout", default=20.0, show_default=True, help="Seconds of processor time for each function.")
@click.option("--verbose", is_flag=True, help="Print each verdict as it comes.")
def survey_command(
    packages: tuple[str, ...],
    modules: tuple[str, ...],
    skip: tuple[str, ...],
    only: str,
    folder: Path | None,
    page: Path | None,
    again: bool,
    jobs: int,
    timeout: float,
    verbose: bool,
) -> None:
    """Differentiate all float functions of installed packages, and compare with differences.

    Arguments are taken from the package's own examples and tests, or guessed from the names of parameters.
    """
    from adgen import survey as surveys

    def show(verdict: surveys.Verdict) -> None:
        click.echo(f"{verdict.state:<18} {verdict.name} ({verdict.kind}) {verdict.reason[:120]}")

    found = []
    for name in packages:
        earlier = folder / f"{name}.json" if folder is not None and again else None
        try:
            one = surveys.survey(
                name,
                modules=modules,
                skip=skip,
                only=only,
                again=surveys.read(earlier) if earlier is not None and earlier.is_file() else None,
                at_once=jobs,
                seconds=timeout,
                progress=show if verbose else lambda _: None,
            )
        except ImportError as error:
            _fail(f"adgen: {error}")
        found.append(one)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            surveys.write(one, folder / f"{name}.json")
    if page is not None and folder is not None:
        page.write_text(surveys.page([surveys.read(file) for file in sorted(folder.glob("*.json"))]), encoding="utf-8")
    surveys.print_tables(found)
    if any(one.of_state(state) for one in found for state in ("wrong", "internal error")):
        sys.exit(1)


def _check_function(target: str, sample: str | None, jit: bool) -> None:
    import numpy as np

    from adgen.testing import check_grads

    function = building.find_function(target, Path.cwd())
    if sample is None:
        raise building.BuildError(f'{target} is checked at arguments: --args "1.0, np.ones(3)"')
    try:
        args = eval(f"({sample},)", {"np": np})  # noqa: S307 -- what the user types at a shell
    except Exception as error:  # noqa: BLE001 -- the user's expression may raise anything
        raise building.BuildError(f"--args {sample!r}: {type(error).__name__}: {error}") from None
    try:
        check_grads(function, args, jit=jit)
    except AssertionError as error:
        _fail(f"{target}: {error}")
    click.echo(f"{target}: forward and reverse mode agree with differences and with each other")


def _check_files(config: Path) -> None:
    modules = building.read_config(config)
    sentences = building.outdated(modules)
    for sentence in sentences:
        click.echo(sentence)
    if sentences:
        click.echo("run `adgen build`")
        sys.exit(1)
    for module in modules:
        click.echo(f"{'up to date':<10} {_short(module.path)}")


def _generate(entry: building.Entry) -> str:
    from adgen.api import generate_module

    return generate_module([entry])


def _is_not_scalar(error: AdgenError) -> bool:
    found = error.errors if isinstance(error, Refusals) else (error,)
    return all(isinstance(one, NotScalar) for one in found)


def _print_source(text: str) -> None:
    """Coloured on a terminal, plain where the output is read by a program."""
    if not sys.stdout.isatty():
        click.echo(text, nl=not text.endswith("\n"))
        return
    from rich.console import Console
    from rich.syntax import Syntax

    Console().print(Syntax(text.rstrip(), "python", theme="ansi_dark", background_color="default"))


def _short(path: Path) -> str:
    with contextlib.suppress(ValueError):
        return path.relative_to(Path.cwd()).as_posix()
    return str(path)


@contextlib.contextmanager
def _plain_messages() -> Iterator[None]:
    """Mistakes of the user are told in words; only faults of adgen give a traceback."""
    try:
        yield
    except building.BuildError as error:
        _fail(f"adgen: {error}")
    except AdgenError as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
