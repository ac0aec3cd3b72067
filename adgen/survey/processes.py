"""Work in child processes that may print, hang or die: the sandbox of a survey.

Children are forked, so that they find the package imported and the samples at hand.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

MEMORY = 32 << 30  # bytes of address space; compilers map a lot of it
FILE_SIZE = 64 << 20
BYTES_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class Outcome:
    """How a child ended: `state` is "done" (with its `value`), "timeout" or "died" (with the reason)."""

    state: str
    value: Any = None


class OutOfTime(BaseException):
    """Raised inside a child by `time_limit`; no handler of the package's catches it by accident."""


@contextlib.contextmanager
def time_limit(seconds: float, *, of_processor: bool = False) -> Iterator[None]:
    """Interrupt a piece of Python code, and again every second if it goes on.

    `of_processor` counts the time that it has run, whatever else the machine does.
    """
    kind, timer = (signal.SIGPROF, signal.ITIMER_PROF) if of_processor else (signal.SIGALRM, signal.ITIMER_REAL)

    def interrupt(*_: Any) -> None:
        raise OutOfTime

    before = signal.signal(kind, interrupt)
    signal.setitimer(timer, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(timer, 0.0)
        signal.signal(kind, before)


@dataclass
class _Child:
    key: Any
    pid: int
    pipe: int
    deadline: float
    received: list[bytes]


def run_all(
    jobs: Iterable[tuple[Any, Callable[[], Any]]], *, at_once: int, seconds: float
) -> Iterator[tuple[Any, Outcome]]:
    """Run each job in a child of its own, at most `at_once` of them; yield outcomes as they come in."""
    if not hasattr(os, "fork"):
        message = "a survey forks its workers, which this operating system does not offer"
        raise RuntimeError(message)
    waiting = iter(jobs)
    running: dict[int, _Child] = {}
    with tempfile.TemporaryDirectory(prefix="adgen_survey_") as folder:
        try:
            while True:
                while len(running) < at_once and (job := next(waiting, None)) is not None:
                    child = _start(*job, folder, seconds)
                    running[child.pipe] = child
                if not running:
                    return
                yield from _ended(running)
        finally:
            for child in running.values():
                _kill(child)


def _start(key: Any, work: Callable[[], Any], folder: str, seconds: float) -> _Child:
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _be_child(work, writing, folder)
    os.close(writing)
    return _Child(key, pid, reading, time.monotonic() + seconds, [])


def _be_child(work: Callable[[], Any], pipe: int, folder: str) -> None:
    """Never returns: the child must not run the parent's clean-up."""
    import resource

    try:
        os.setsid()
        os.chdir(folder)
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, mode) for n, mode in enumerate("rww"))
        for limit, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_FSIZE, FILE_SIZE),
        ):
            resource.setrlimit(limit, (most, most))
        answer = pickle.dumps(work())
        with os.fdopen(pipe, "wb") as sending:
            sending.write(answer)
    finally:
        os._exit(0)


def _ended(running: dict[int, _Child]) -> Iterator[tuple[Any, Outcome]]:
    """Read what children write; hand out those that have closed their pipe or are out of time."""
    first = min(child.deadline for child in running.values())
    ready, _, _ = select.select(list(running), [], [], max(0.0, first - time.monotonic()))
    for pipe in ready:
        child = running[pipe]
        part = os.read(pipe, BYTES_AT_ONCE)
        if part:
            child.received.append(part)
            continue
        del running[pipe]
        status = _kill(child)
        yield child.key, _outcome(b"".join(child.received), status)
    for child in [c for c in running.values() if c.deadline <= time.monotonic()]:
        del running[child.pipe]
        _kill(child)
        yield child.key, Outcome("timeout")


def _kill(child: _Child) -> int:
    """End the child and all that it started; its exit status."""
    pid, status = os.waitpid(child.pid, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    if pid == 0:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        _, status = os.waitpid(child.pid, 0)
    os.close(child.pipe)
    return status


def _outcome(answer: bytes, status: int) -> Outcome:
    if answer:
        try:
            return Outcome("done", pickle.loads(answer))  # noqa: S301 -- what our own child wrote
        except Exception as error:  # noqa: BLE001 -- the package's objects may raise anything
            return Outcome("died", f"its answer can't be read: {type(error).__name__}")
    if os.WIFSIGNALED(status):
        return Outcome("died", signal.Signals(os.WTERMSIG(status)).name)
    return Outcome("died", "the process ended")
