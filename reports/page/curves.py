"""The lines of the page's funnels: the limits that the tables have, at as many places as a line needs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.charts.funnel_chart import limit_curve

Floats = NDArray[np.float64]

POINTS = 20  # places of a line: straight between them, it is nowhere a pixel off
FEWEST = 8  # areas that make a funnel
LEVELS = ("95", "998")
# In this order in the page: the pair that is drawn dark, then what chance alone would give where that is less.
LIMITS = tuple(
    f"{prefix}{side}_{level}"
    for prefix in ("funnel_adjusted_", "funnel_")
    for level in LEVELS
    for side in ("lower", "upper")
)
OUTSIDE = ".12"  # inside; beyond the 95 % limits; beyond the 99.8 % limits too


def widened(limits: dict[str, Floats]) -> bool:
    """Tell whether limits are wider for overdispersion than chance alone makes them.

    >>> widened({"funnel_adjusted_upper_95": np.array([2.0]), "funnel_upper_95": np.array([1.5])})
    True
    """
    wide, narrow = limits["funnel_adjusted_upper_95"], limits["funnel_upper_95"]
    return bool((wide - narrow > 1e-9 * np.abs(wide)).any())


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """The lines of one funnel, given at the sizes ``across``."""

    across: Floats  # shape (places,)
    target: float
    lines: Floats  # shape (lines, places): four that are drawn dark, then four of chance alone where those differ


def funnel(size: Floats, target: Floats, limits: dict[str, Floats]) -> Funnel | None:
    """Return the lines of one funnel; None where too few areas have a size and limits.

    Parameters
    ----------
    size, target
        Of each area of one kind, shape ``(n,)``; NaN where it has none.
    limits
        ``LIMITS`` by name, each of shape ``(n,)``.
    """
    known = np.isfinite(size) & (size > 0) & np.isfinite(limits["funnel_upper_95"])
    if known.sum() < FEWEST:
        return None
    wide = widened({name: values[known] for name, values in limits.items()})
    order = np.flatnonzero(known)[np.argsort(size[known], kind="stable")]
    across = np.geomspace(size[order[0]], size[order[-1]], POINTS)
    names = LIMITS if wide else [name for name in LIMITS if "adjusted" not in name]
    lines = [_line(size[order], limits[name][order], target[order], across) for name in names]
    return Funnel(across=across, target=float(target[order[-1]]), lines=np.array(lines))


def _line(size: Floats, limit: Floats, target: Floats, across: Floats) -> Floats:
    """One limit at the sizes ``across``; NaN where it has none."""
    known = np.isfinite(limit)
    if known.sum() < FEWEST:
        return np.full(len(across), np.nan)
    line = limit_curve(size[known], limit[known], target[known], grid=across)[:, 1]
    return np.where(across < size[known][0], np.nan, line)


def outside(value: Floats, limits: dict[str, Floats]) -> NDArray[np.int64]:
    """Tell how far outside its own limits each area lies: 0 inside, 1 beyond 95 %, 2 beyond 99.8 %.

    >>> ends = {"lower_95": 2.0, "upper_95": 4.0, "lower_998": 1.0, "upper_998": 5.0}
    >>> limits = {f"funnel_{name}": np.full(3, end) for name, end in ends.items()}
    >>> outside(np.array([3.0, 4.5, 0.5]), limits | {f"funnel_adjusted_{n}": np.full(3, e) for n, e in ends.items()})
    array([0, 1, 2])
    """
    prefix = "funnel_adjusted_" if widened(limits) else "funnel_"
    beyond = [
        (value > limits[f"{prefix}upper_{level}"]) | (value < limits[f"{prefix}lower_{level}"])
        for level in LEVELS
    ]
    return np.asarray(beyond[0].astype(np.int64) + beyond[1])
