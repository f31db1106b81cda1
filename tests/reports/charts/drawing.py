"""Areas of any number to draw, and what is read back from a picture: its words, and which cover each other."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from reports import style
from reports.charts.frame import Caption

SIZES = (13, 98, 6500)
FIRST = ("Hazel", "Chalk Down", "Sanderling Road", "Old Granary Yard", "Quay", "Saint Aldhelm and Ridgeway")
LAST = ("Surgery", "Medical Centre", "Practice", "Health Centre")
CAPTION = Caption(
    name="Emergency admissions for COPD", unit="per 1,000 patients", period="2016/17", kind="practice",
    polarity="low", source="Source: drawn for a test",
)  # fmt: skip


def some_areas(number: int, *, group: int = 8) -> pd.DataFrame:
    """That many practices in localities of ``group`` each, with places and features, and the localities."""
    random = np.random.default_rng(number)
    code = [f"P{place:05}" for place in range(number)]
    parents = [f"L{place // group:04}" for place in range(number)]
    practices = pd.DataFrame(
        {
            "area": code,
            "name": [f"{FIRST[place % 6]} {LAST[place % 4]} {place}" for place in random.permutation(number)],
            "kind": "practice",
            "parent": parents,
            "population": random.lognormal(9, 0.5, number).round(),
            "imd": random.gamma(4, 5, number),
            "aged_85_plus": random.beta(2, 60, number),
            "x": random.uniform(340_000, 420_000, number),
            "y": random.uniform(70_000, 120_000, number),
        }
    )
    groups = sorted(set(parents))
    localities = pd.DataFrame({"area": groups, "name": [f"Locality {one}" for one in groups]})
    return pd.concat([practices, localities.assign(kind="locality", parent="X")], ignore_index=True)


def some_rows(number: int, *, indicator: str = "copd") -> pd.DataFrame:
    """Rows of the comparison of that many practices: values, intervals, limits and marks of every kind."""
    random = np.random.default_rng(number + 1)
    names = some_areas(number).set_index("area")["name"].head(number)
    size = random.lognormal(9, 0.5, number)
    value = random.gamma(16, 0.8, number)
    error = 0.16 * value * np.sqrt(8000 / size)
    peers = random.normal(12.8, 1.0, number)
    z = (value - peers) / error
    said = np.where(
        size < 4000, "not tested", np.where(z > 2, "worse", np.where(z < -2, "better", "similar"))
    )
    width = 3.2 * np.sqrt(8000 / size)
    limits = {
        f"funnel_{adjusted}{side}_{level}": 12.8 + sign * times * wider * width
        for adjusted, wider in (("", 0.7), ("adjusted_", 1.0))
        for side, sign in (("lower", -1), ("upper", 1))
        for level, times in (("95", 1.0), ("998", 1.55))
    }
    rows = {
        "indicator": indicator, "period": "2016/17", "area": names.index, "name": names.to_numpy(),
        "kind": "practice", "numerator": value * size / 1000, "denominator": size, "expected": np.nan,
        "value": value, "lower_95": value - 1.96 * error, "upper_95": value + 1.96 * error,
        "comparator_value": peers, "difference": value - peers,
        "difference_lower_95": value - peers - 1.96 * error, "difference_upper_95": value - peers + 1.96 * error,
        "significance": said, "significance_rightcare": said, "z": z, "funnel_target": 12.8, "suppressed": False,
    }  # fmt: skip
    return pd.DataFrame(rows | limits)


def some_series(number: int, periods: int = 15) -> pd.DataFrame:
    """Rows of several periods, each area moving a little."""
    random = np.random.default_rng(number + 2)
    one = some_rows(number)
    every = [
        one.assign(
            period=f"{2002 + year}/{(3 + year) % 100:02}", value=one["value"] * random.normal(1, 0.05, number)
        )
        for year in range(periods)
    ]
    return pd.concat(every, ignore_index=True)


def written(figure: Figure) -> list[Text]:
    """Every text of a picture that says something."""
    inside = [text for axes in figure.axes for text in axes.texts]
    return [text for text in (*figure.texts, *inside) if text.get_text().strip()]


def said(figure: Figure) -> list[str]:
    """The words of a picture, in one line each."""
    return [text.get_text().replace("\n", " ") for text in written(figure)]


def covered(figure: Figure) -> list[str]:
    """Words that cover each other or leave the picture: none, in a good one."""
    with style.context():
        renderer = FigureCanvasAgg(figure).get_renderer()
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in written(figure)]
    width, height = figure.bbox.width, figure.bbox.height
    # What is measured has room above capitals and below the line: a point of it may be shared.
    found = [
        f"{words!r} leaves the picture"
        for words, box in boxes
        if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > width + 0.5 or box.y1 > height + 0.5
    ]
    for (words, one), (others, other) in combinations(boxes, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        up = min(one.y1, other.y1) - max(one.y0, other.y0)
        if across > 1.0 and up > 2.0:
            found.append(f"{words!r} covers {others!r}")
    return found


def line_named(axes: Axes, label: str) -> Line2D:
    """The one line of that label."""
    (line,) = [line for line in axes.lines if line.get_label() == label]
    return line


def marked(axes: Axes) -> dict[str, Any]:
    """Points of each layer of marks, by the significance that its label says: shape ``(n, 2)``."""
    return {
        str(line.get_label()): np.asarray(line.get_xydata())
        for line in axes.lines
        if line.get_label() in style.MARKS
    }
