"""Time and memory of a piece of work, and of two side by side."""

import gc
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

# What getrusage counts in: kilobytes, but on macOS bytes.
MEGABYTE = 2**20 if sys.platform == "darwin" else 2**10


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Least seconds of several runs: by the clock, and of processors at work (all threads)."""

    wall: float
    processor: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def once(work: Callable[[], Any]) -> tuple[Timing, Any]:
    """Run once; what is left over from before is cleared away first."""
    gc.collect()
    wall, processor = time.perf_counter(), time.process_time()
    answer = work()
    return Timing(wall=time.perf_counter() - wall, processor=time.process_time() - processor), answer


def interleaved(*works: Callable[[], Any], repeats: int) -> list[tuple[Timing, Any]]:
    """Run all in turn, several times over, so that a busy machine hits them alike; the least seconds of each."""
    least: list[Timing | None] = [None] * len(works)
    answers: list[Any] = [None] * len(works)
    for again in range(repeats):
        for place, work in enumerate(works):
            timing, answer = once(work)
            before = least[place] or timing
            least[place] = Timing(
                wall=min(before.wall, timing.wall), processor=min(before.processor, timing.processor)
            )
            if not again:  # one answer of each is enough, and may be large
                answers[place] = answer
            del answer
    return [(timing, answer) for timing, answer in zip(least, answers, strict=True) if timing is not None]


def forget_peak() -> None:
    """Let the peak of memory start from what is held now; where the system cannot, it stays that of the process."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_megabytes() -> float:
    """The most memory that this process has had since ``forget_peak``, or since its start; 0 on Windows."""
    with suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def load() -> float:
    """Processes that have wanted a processor over the last minute; 0 where the system does not say."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def exponent(sizes: list[float], costs: list[float]) -> float:
    """Growth of a cost with size: the slope of the logarithms; 1 is in proportion, 2 is with the square.

    >>> round(exponent([1, 10, 100], [2, 20, 200]), 3)
    1.0
    """
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])
