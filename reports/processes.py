"""Processes beside the main one: warm before there is work, deaf to interruption, ended with who started them."""

import errno
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from multiprocessing import active_children, connection, get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import gettempdir
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

# Where it can be relied on, one process imports what all need and the others begin as copies of it. It is spoken to
# by a file below the temporary folder, whose path may have 107 characters.
START = "forkserver" if sys.platform == "linux" and len(gettempdir()) < 70 else "spawn"

LOOK_AFTER = 0.2  # seconds between looks whether what the processes write is still wanted

Given = ParamSpec("Given")
Made = TypeVar("Made")


def _nothing() -> None:
    pass


class Processes:
    """Some processes that work is given to; they start when they are told to, or with the first work.

    A script that asks for them needs ``if __name__ == "__main__"``. As a context, it ends what they do when an
    error leaves it.

    Parameters
    ----------
    number
        How many.
    begin, about
        What each does when it starts, and what it does it with.
    modules
        What each imports when it starts. On Linux they are imported once, and the processes begin from there.
    """

    def __init__(
        self,
        number: int,
        begin: Callable[..., None] = _nothing,
        about: tuple[Any, ...] = (),
        *,
        modules: tuple[str, ...] = (),
    ) -> None:
        self.number = number
        context = get_context(START)
        if START == "forkserver":
            context.set_forkserver_preload([*modules])
        self._pool = ProcessPoolExecutor(number, context, _begin, (modules, begin, about))
        self._starting: threading.Thread | None = None
        self._started: list[BaseProcess] = []

    def start(self) -> None:
        """Start them, so that they are ready when there is work, and wait for nothing; they start once."""
        if self._starting is None:
            # In a thread, which nothing interrupts: a process that is half started says so on the terminal.
            self._starting = threading.Thread(target=self._start)
            self._starting.start()

    def _start(self) -> None:
        others = active_children()
        # One that is killed before there is work for it is told of when there is.
        with _deaf(), suppress(BrokenProcessPool, OSError):
            for _ in range(self.number):
                self._pool.submit(_nothing)
        self._started = [process for process in active_children() if process not in others]

    def _wait_until_started(self) -> None:
        if self._starting is not None:
            self._starting.join()

    def submit(self, work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Future[Made]:
        """Give work to whichever is free first."""
        self.start()
        self._wait_until_started()
        return self._pool.submit(work, *given, **named)

    def write_into(self, folder: Path, work: Iterable[Callable[[], Made]]) -> list[Made]:
        """Do work that writes into a folder; where somebody takes the folder away all is ended at once.

        Raises
        ------
        FileNotFoundError
            If the folder is taken away.
        """
        parts = [self.submit(one) for one in work]
        while wait(parts, timeout=LOOK_AFTER).not_done:
            if not folder.is_dir():
                self.end()
                raise FileNotFoundError(errno.ENOENT, "taken away while it was written into", str(folder))
        return [part.result() for part in parts]

    def end(self) -> None:
        """End them at once, whatever they do."""
        self._wait_until_started()
        for process in self._started:
            process.terminate()

    def finish(self) -> None:
        """Let them finish what they have begun, and no more."""
        self._wait_until_started()
        self._pool.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.end()
        self.finish()


def begun(
    beside: Processes | None, work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs
) -> Callable[[], Made]:
    """Give work to the processes beside; where there are none it is done when it is asked for."""
    if beside is None:
        return partial(work, *given, **named)
    return beside.submit(work, *given, **named).result


def _begin(modules: tuple[str, ...], begin: Callable[..., None], about: tuple[Any, ...]) -> None:
    """Begin a process: leave an interruption to the one that started it, and end when that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    for module in modules:
        import_module(module)
    gc.freeze()  # what is imported stays: collecting garbage need not look through it again and again
    begin(*about)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _deaf() -> Iterator[None]:
    """Let processes that are started here not hear an interruption before they can close their ears."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
