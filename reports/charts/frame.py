"""What every chart has around its axes: the finding as its title, subtitle, key, source and markings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from reports import style, words
from reports.flags import BEYOND_CHANCE, OTHER_SIDE, TO_ASK_ABOUT, Flags, flags_sentence

# All lengths are points: the figure is made at 72 dots an inch, so that a point is a pixel.
WIDTH = 576.0
NARROW = 480.0  # of charts of one indicator, two of which stand beside each other on a page
HEIGHT = 230.0  # of a plot without rows
# Of charts over time, which stand beside words on a third of a page: as small as their words stay readable there.
SMALL, LOW = 416.0, 132.0
EDGE = 14.0
TITLE_LINE, SUBTITLE_LINE, KEY_LINE, SOURCE_LINE, MARKING_LINE = 17.0, 14.0, 16.0, 11.5, 16.0


@dataclass(frozen=True, kw_only=True)
class Caption:
    """What the words of a chart are made from, but for its figures."""

    name: str  # of the indicator, or of what the chart is about
    unit: str = ""
    period: str = ""
    kind: str = ""  # kind of area, its code
    polarity: str = "local"
    source: str = ""
    notice: str = ""
    banner: str = ""

    @property
    def about(self) -> str:
        """Indicator, unit, period and kind of area in one line."""
        areas = f"by {words.kind_name(self.kind)}" if self.kind else ""
        parts = (self.name, self.unit, self.period, areas)
        return style.plain(", ".join(part for part in parts if part))


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A figure with its words, not yet in a file."""

    figure: Figure
    title: str
    alt: str
    source: str = ""


@dataclass(frozen=True)
class Key:
    """One entry of the key: words beside a mark or a piece of line."""

    words: str
    line: dict[str, Any]
    long: bool = False  # a piece of line rather than one mark
    over: dict[str, Any] | None = None  # a second mark on the first


def mark_keys(
    significances: Iterable[str],
    polarity: str,
    look: Callable[[str], tuple[dict[str, Any], dict[str, Any] | None]] = lambda name: (
        style.mark(name).line,
        None,
    ),
) -> list[Key]:
    """Entries of the key for the marks that a chart shows, with the number of areas of each.

    ``look`` gives the mark of a significance, and what lies over it.

    >>> [key.words for key in mark_keys(["worse", "similar", "worse"], "low")]
    ['Higher than peers (2)', 'No difference beyond chance (1)']
    """
    shown = style.known(pd.Series(list(significances), dtype=object)).tolist()
    entries = []
    for significance in reversed(style.MARKS):
        if count := shown.count(significance):
            label = words.direction_words(polarity, significance).capitalize()
            line, over = look(significance)
            entries.append(Key(f"{label} ({words.number(count, 0)})", line, over=over))
    return entries


def finding(comparison: pd.DataFrame, *, caption: Caption, flags_expected: float = float("nan")) -> str:
    """Title of a chart of one indicator: how many areas stand out, and how many would by chance."""
    shown = comparison.loc[comparison["value"].notna(), "significance"]
    areas = len(shown)
    if areas == 0:
        return f"No {words.kind_name(caption.kind)} has a figure"
    if not shown.isin([*BEYOND_CHANCE, "similar"]).any():
        if "comparator_value" in comparison and comparison["comparator_value"].notna().any():
            return f"Of {words.count_of(areas, caption.kind)} none is large enough to be told from its peers"
        return f"{words.count_of(areas, caption.kind)}, not compared with peers"
    counted = Flags(
        areas=areas,
        flagged=int(shown.isin(TO_ASK_ABOUT).sum()),
        other=int(shown.isin(OTHER_SIDE).sum()),
        expected=flags_expected,
        rightcare=0,
    )
    return flags_sentence(counted, caption.kind, caption.polarity).removesuffix(".")


def frame(
    title: str,
    subtitle: str,
    *,
    caption: Caption,
    plot_height: float,
    left: float = 52.0,
    right: float = 24.0,
    bottom: float = 36.0,
    keys: Sequence[Key] = (),
    width: float = WIDTH,
) -> tuple[Figure, Axes]:
    """Make a figure with everything around its axes; lengths in points, margins those of the axes.

    Returns
    -------
    Figure, Axes
        The figure is as high as its words and ``plot_height`` need, ``width`` points wide, and knows its canvas
        only when it is saved: no state outside it.
    """
    inner = width - 2 * EDGE
    titles = style.wrap(style.plain(title), style.TITLE, inner, bold=True)
    subtitles = style.wrap(style.plain(subtitle), style.SUBTITLE, inner, lines=2)
    source = style.wrap(style.plain(caption.source), style.SMALL, inner, lines=2)
    marking = style.plain("  ·  ".join(filter(None, (caption.banner, caption.notice))))
    rows = _key_rows(keys, inner)
    header = (
        EDGE
        + MARKING_LINE * bool(marking)
        + TITLE_LINE * len(titles)
        + SUBTITLE_LINE * len(subtitles)
        + KEY_LINE * len(rows)
        + 12
    )
    footer = bottom + SOURCE_LINE * len(source) + EDGE / 2
    height = header + plot_height + footer
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    _write_header(figure, marking, titles, subtitles, rows)
    for place, line in enumerate(reversed(source)):
        _line(figure, EDGE, EDGE / 2 + SOURCE_LINE * place + 2, line, style.SMALL, color=style.DARK_GREY)
    axes = figure.add_axes(
        (left / width, footer / height, (width - left - right) / width, plot_height / height)
    )
    return figure, axes


def _write_header(
    figure: Figure, marking: str, titles: list[str], subtitles: list[str], rows: list[list[Key]]
) -> None:
    """Write what stands above the axes, from the top: marking, title, subtitle, key."""
    width, height = figure.get_size_inches() * 72
    top = height - EDGE
    if marking:
        short = style.shorten(marking, style.SMALL, width - 2 * EDGE)
        _line(figure, width - EDGE, top - 5, short, style.SMALL, ha="right")
        top -= MARKING_LINE
    for line in titles:
        _line(figure, EDGE, top - style.TITLE, line, style.TITLE, weight="bold")
        top -= TITLE_LINE
    for line in subtitles:
        _line(figure, EDGE, top - style.SUBTITLE, line, style.SUBTITLE)
        top -= SUBTITLE_LINE
    for row in rows:
        _draw_keys(figure, row, top - KEY_LINE + 4)
        top -= KEY_LINE


def _line(figure: Figure, x: float, y: float, line: str, size: float, **options: Any) -> None:
    width, height = figure.get_size_inches() * 72
    figure.text(x / width, y / height, line, fontsize=size, **options)


def _key_width(key: Key) -> float:
    return (26 if key.long else 13) + style.text_width(key.words, style.BODY) + 14


def _key_rows(keys: Sequence[Key], width: float) -> list[list[Key]]:
    """Lay the key out in as many rows as it needs."""
    rows: list[list[Key]] = []
    used = width
    for key in keys:
        if used + _key_width(key) > width + 14:
            rows.append([])
            used = 0.0
        rows[-1].append(key)
        used += _key_width(key)
    return rows


def _draw_keys(figure: Figure, keys: Sequence[Key], y: float) -> None:
    width, height = figure.get_size_inches() * 72
    x = EDGE
    for key in keys:
        ends = [x, x + 20] if key.long else [x + 4]
        level = [(y + 3.2) / height] * len(ends)
        for look in filter(None, (key.line, key.over)):
            places = [end / width for end in ends]
            figure.add_artist(Line2D(places, level, transform=figure.transFigure, **look))
        _line(figure, x + (26 if key.long else 13), y, key.words, style.BODY)
        x += _key_width(key)


def say_empty(axes: Axes, said: str = "No figures") -> None:
    """Say in the middle of the plot that there is nothing to draw."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, said, transform=axes.transAxes, ha="center")


def rows_of(table: pd.DataFrame) -> list[Any]:
    """Rows of a table, each with its columns as attributes; what a cell holds is the caller's to know."""
    return list(table.itertuples(index=False))
