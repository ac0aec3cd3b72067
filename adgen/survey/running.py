"""A survey from beginning to end."""

from __future__ import annotations

import importlib.metadata
import platform
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from adgen.survey.finding import Package, Subject, code_of, import_package
from adgen.survey.judging import Verdict, judge
from adgen.survey.processes import run_all
from adgen.survey.recording import Recorded, record_examples, record_tests, test_folders
from adgen.survey.samples import samples_at_parameters, samples_of

DEFAULT_SECONDS = 20.0
EXAMPLES_SECONDS = 120.0  # for all examples of a module
TESTS_SECONDS = 180.0
SETTLED = {"passed", "not differentiable", "no sample"}
# A worker finds samples and references before adgen has its turn, twice if a function has two samples.
SHARE_OF_ADGEN = 0.4
PATIENCE = 3.0  # seconds on the clock for one of the processor, on a machine that does other work


@dataclass
class Survey:
    """The verdicts on a package."""

    package: str
    version: str
    verdicts: list[Verdict] = field(default_factory=list)
    unimportable: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)  # modules that were left out

    def of_state(self, state: str) -> list[Verdict]:
        return [v for v in self.verdicts if v.state == state]

    def differentiable(self) -> list[Verdict]:
        """Those on which adgen was judged."""
        return [v for v in self.verdicts if v.state in {"passed", "refused", "wrong", "internal error", "timeout"}]

    def as_dict(self) -> dict[str, Any]:
        return {
            "package": self.package,
            "version": self.version,
            "python": platform.python_version(),
            "functions": [v.as_dict() for v in self.verdicts],
            "unimportable": self.unimportable,
            "skipped": self.skipped,
        }


def survey(
    name: str,
    *,
    modules: Sequence[str] = (),
    skip: Sequence[str] = (),
    only: str = "",
    again: Survey | None = None,
    at_once: int = 2,
    seconds: float = DEFAULT_SECONDS,
    progress: Callable[[Verdict], None] = lambda _: None,
) -> Survey:
    """Differentiate every float function of a package for which arguments are found, and compare.

    Parameters
    ----------
    modules, skip
        Modules to survey (all), and to leave out.
    only
        A part of the names of the functions wanted.
    again
        An earlier survey: what passed there, or was not judged, is taken over.
    seconds
        The processor time of one function: samples, differences and derivatives together.

    Returns
    -------
    Survey
        One verdict for each function, each method by its arguments, and each method by the parameters of its object.
    """
    ((_, outcome),) = run_all([(name, lambda: _found(name, modules, skip))], at_once=1, seconds=600.0)
    if outcome.state != "done" or isinstance(outcome.value, str):
        message = f"{name} can't be imported: {outcome.value or outcome.state}"
        raise ImportError(message)
    package = import_package(name, modules, skip)
    left_out = [m for m in skip if m.partition(".")[0] == name]
    found = Survey(name, version_of(name), unimportable=package.unimportable, skipped=left_out)
    kept = {} if again is None else {(v.name, v.kind): v for v in again.verdicts if v.state in SETTLED}
    found.verdicts += kept.values()
    subjects = [s for s in package.subjects() if only in s.name]
    subjects = [s for s in subjects if not all((s.name, kind) in kept for kind in s.kinds)]
    recorded = _record(package, subjects, at_once)
    jobs = (job for job in _jobs(subjects, recorded, seconds) if (job[0][0].name, job[0][1]) not in kept)
    for (subject, kind), ended in run_all(jobs, at_once=at_once, seconds=PATIENCE * seconds):
        verdict = ended.value
        if ended.state != "done":
            reason = "the function takes too long" if ended.state == "timeout" else str(ended.value)
            verdict = Verdict(subject.name, kind, "no reference" if ended.state == "timeout" else "died", reason)
        found.verdicts.append(verdict)
        progress(verdict)
    found.verdicts.sort(key=lambda v: (v.name, v.kind))
    return found


def _found(name: str, modules: Sequence[str], skip: Sequence[str]) -> int | str:
    """The number of functions: a rehearsal, since modules may do anything when they are imported."""
    try:
        return len(import_package(name, modules, skip).subjects())
    except (Exception, SystemExit) as error:  # noqa: BLE001 -- a module may raise anything
        return f"{type(error).__name__}: {error}"


def _record(package: Package, subjects: Sequence[Subject], at_once: int) -> Recorded:
    names: dict[types.CodeType, str] = {s.code: s.name for s in subjects}
    for cls in package.classes():
        code = code_of(vars(cls).get("__init__"))
        if code is not None:
            names.setdefault(code, f"{cls.__module__}.{cls.__qualname__}.__init__")
    jobs: list[tuple[Any, Callable[[], Recorded]]] = [
        (m.__name__, lambda m=m: record_examples(package, m, names)) for m in package.modules
    ]
    jobs += [(path, record_tests(package, [path], names, TESTS_SECONDS)) for path in test_folders(package)]
    found: Recorded = {}
    for _, outcome in run_all(jobs, at_once=at_once, seconds=max(EXAMPLES_SECONDS, TESTS_SECONDS) + 20.0):
        if outcome.state == "done":
            for key, calls in outcome.value.items():
                found.setdefault(key, []).extend(calls)
    return found


def _jobs(
    subjects: Iterable[Subject], recorded: Recorded, seconds: float
) -> Iterator[tuple[tuple[Subject, str], Callable[[], Verdict]]]:
    share = SHARE_OF_ADGEN * seconds
    for subject in subjects:
        kind = subject.kinds[0]

        def by_arguments(subject: Subject = subject, kind: str = kind) -> Verdict:
            return judge(subject.name, kind, samples_of(subject, recorded), share)

        def by_parameters(subject: Subject = subject) -> Verdict:
            return judge(subject.name, "parameters", samples_at_parameters(subject, recorded), share)

        yield (subject, kind), by_arguments
        if len(subject.kinds) > 1:
            yield (subject, "parameters"), by_parameters


def version_of(name: str) -> str:
    """The version of the distribution that has the module."""
    for distribution in importlib.metadata.packages_distributions().get(name, ()):
        return importlib.metadata.version(distribution)
    return ""
