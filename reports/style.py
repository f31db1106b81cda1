"""The look of every picture: government palette, marks by significance, fonts, one matplotlib style."""

import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import matplotlib as mpl
import pandas as pd
from afcharts.af_colours import get_af_colours
from matplotlib import font_manager
from matplotlib.colors import to_rgb
from matplotlib.ft2font import LoadFlags

# Government Analysis Function palettes, as the afcharts package carries them.
DARK_BLUE, ORANGE = get_af_colours("duo")
_, TURQUOISE, DARK_PINK, _, DARK_GREY, LIGHT_PURPLE = get_af_colours("categorical")
MID_BLUE, LIGHT_BLUE = get_af_colours("sequential")[2:4]
FAINT_GREY = "#E4E4E4"  # the band behind a band of pale grey
PALE_GREY = get_af_colours("focus")[1]  # areas and grid only: under 3:1 on white, so never a mark
# The palette has no grey between: this one is 3:1 on white and beside dark blue.
MID_GREY = "#8C8C8C"
INK = "#1A1A1A"  # the style's label colour (0.1, 0.1, 0.1)

# All that a chart is drawn in: a bitmap keeps these as they are.
COLOURS = (DARK_BLUE, ORANGE, TURQUOISE, DARK_PINK, DARK_GREY, LIGHT_PURPLE, MID_BLUE, LIGHT_BLUE, FAINT_GREY,
           PALE_GREY, MID_GREY, INK)  # fmt: skip

# First of these that is installed; Liberation Sans has the widths of Arial. DejaVu comes with matplotlib.
FAMILIES = ("Arial", "Liberation Sans", "Helvetica", "DejaVu Sans")
# What a browser is told, so that a reader's own system font is used for the text of an SVG.
CSS_FAMILIES = "Arial,'Liberation Sans',Helvetica,'DejaVu Sans',sans-serif"

# A line that a name must cross is dimmed behind it.
BEHIND_TEXT: dict[str, Any] = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 0.6}

TITLE, SUBTITLE, BODY, SMALL = 13.0, 10.5, 9.5, 8.5  # text sizes in points
DPI = 144


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How an area is drawn: shape as well as colour says what it is."""

    marker: str
    colour: str
    filled: bool = True
    size: float = 6.5  # points

    @property
    def line(self) -> dict[str, Any]:
        """Options for ``Axes.plot`` that draw this mark without a line."""
        return {
            "linestyle": "none",
            "marker": self.marker,
            "markersize": self.size,
            "markerfacecolor": self.colour if self.filled else "white",
            "markeredgecolor": "white" if self.filled else self.colour,
            "markeredgewidth": 0.5 if self.filled else 1.0,
        }


# In drawing order: what matters is drawn last. The diamond is kept for the parent area.
MARKS = {
    "not tested": Mark(marker="o", colour=MID_GREY, filled=False, size=4.0),
    "similar": Mark(marker="o", colour=MID_GREY, filled=False, size=5.5),
    "lower": Mark(marker="v", colour=LIGHT_PURPLE, size=7.5),
    "higher": Mark(marker="^", colour=DARK_PINK, size=7.5),
    "better": Mark(marker="o", colour=DARK_BLUE, size=7.0),
    "worse": Mark(marker="s", colour=ORANGE, size=6.5),
}
PARENT = Mark(marker="D", colour=DARK_GREY, size=6.0)


def mark(significance: object) -> Mark:
    """Mark of an area by its significance; an empty or unknown word is drawn as not tested.

    >>> mark("worse").marker, mark(None).filled
    ('s', False)
    """
    return MARKS.get(str(significance), MARKS["not tested"])


def known(significances: pd.Series) -> pd.Series:
    """Words of significance that have a mark of their own; an empty or unknown one is not tested.

    >>> known(pd.Series(["worse", None, "odd"])).tolist()
    ['worse', 'not tested', 'not tested']
    """
    said = significances.astype(object)
    return said.where(said.isin(list(MARKS)), "not tested")


@cache
def family() -> str:
    """First installed family of `FAMILIES`; asking matplotlib for a missing one would log a warning."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FAMILIES if name in installed), "DejaVu Sans")


@cache
def parameters() -> Any:
    """Every matplotlib setting of our charts: its defaults, the government style, then ours.

    The defaults come first so that a reader's own matplotlibrc does not change a picture.
    """
    with as_file(files("afcharts") / "afcharts.mplstyle") as path:
        government = mpl.rc_params_from_file(path, use_default_template=False)
    # afcharts asks for fonts that may not be here; ours are the same families, those installed.
    skipped = ("backend", "font.", "date.", "toolbar", "interactive", "animation", "keymap")
    settings = {
        key: value
        for source in (mpl.rcParamsDefault, government)
        for key, value in source.items()
        if not key.startswith(skipped)
    }
    return settings | {
        "font.family": list(dict.fromkeys((family(), "DejaVu Sans"))),
        "font.size": BODY,
        "text.parse_math": False,  # a name may hold dollar signs
        "text.hinting": "no_hinting",  # widths are then those of `text_width`, in SVG and PNG alike
        "text.color": INK,
        "axes.titlesize": TITLE,
        "axes.labelsize": BODY,
        "axes.edgecolor": MID_GREY,
        "axes.grid": False,
        "axes.linewidth": 0.8,
        "xtick.color": MID_GREY,
        "ytick.color": MID_GREY,
        "xtick.labelsize": BODY,
        "ytick.labelsize": BODY,
        "axes.unicode_minus": True,
        "lines.linewidth": 1.2,
        "lines.scale_dashes": False,
        "svg.fonttype": "none",  # text stays text: it can be read aloud, searched and copied
        "svg.hashsalt": "variation",  # the same chart gets the same ids
    }


_INSIDE: ContextVar[bool] = ContextVar("inside", default=False)


@contextmanager
def context() -> Iterator[None]:
    """Make and save charts inside this: our settings, and no warning for a script without a font here."""
    if _INSIDE.get():  # one inside another changes nothing, and setting 300 settings takes time
        yield
        return
    entered = _INSIDE.set(True)
    try:
        with mpl.rc_context(parameters()), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from")
            warnings.filterwarnings("ignore", message=r"Matplotlib currently does not support .* natively")
            yield
    finally:
        _INSIDE.reset(entered)


@cache
def font_path(bold: bool) -> str:
    """File of the face that charts are set in."""
    weight = "bold" if bold else "normal"
    return str(font_manager.findfont(font_manager.FontProperties(family=family(), weight=weight)))


@cache
def _font(bold: bool) -> Any:
    return font_manager.get_font(font_path(bold))


@cache
def _has_letter(letter: str, bold: bool) -> bool:
    return ord(letter) in _font(bold).get_charmap()


def has_letters(words: str, bold: bool) -> bool:
    """Tell whether the face has every letter of a text."""
    return all(_has_letter(letter, bold) for letter in words)


@cache
def advance(letter: str, bold: bool) -> float:
    """Width of one letter as a share of the text size."""
    font = _font(bold)
    # A letter that the font lacks would warn; the width of n is near enough for what is rare.
    known = letter if _has_letter(letter, bold) else "n"
    return float(font.load_char(ord(known), LoadFlags.NO_SCALE).horiAdvance) / float(font.units_per_EM)


@cache
def face_height(bold: bool) -> tuple[float, float]:
    """How far the face reaches above and below its baseline, as shares of the text size."""
    font = _font(bold)
    if table := font.get_sfnt_table("OS/2"):
        above, below = table["sTypoAscender"], -table["sTypoDescender"]
    else:
        above, below = font.ascender, -font.descender
    return above / font.units_per_EM, below / font.units_per_EM


def text_width(words: str, size: float, *, bold: bool = False) -> float:
    """Width of one line of text in points, without drawing it; letters are not moved towards each other.

    >>> text_width("Weymouth and Portland", 9.0) > text_width("Poole", 9.0) > 0
    True
    """
    return size * sum(advance(letter, bold) for letter in words)


def wrap(words: str, size: float, width: float, *, bold: bool = False, lines: int = 3) -> list[str]:
    """Break text into at most ``lines`` lines of ``width`` points; what is left over ends in an ellipsis.

    >>> wrap("9 of 98 practices are above their peers", 10, 110)
    ['9 of 98 practices are', 'above their peers']
    """
    broken: list[str] = []
    for word in words.split():
        longer = f"{broken[-1]} {word}" if broken else word
        if broken and text_width(longer, size, bold=bold) <= width:
            broken[-1] = longer
        else:
            broken.append(word)
    if len(broken) > lines:
        broken = [*broken[: lines - 1], " ".join(broken[lines - 1 :])]
    return [shorten(line, size, width, bold=bold) for line in broken]


def shorten(words: str, size: float, width: float, *, bold: bool = False) -> str:
    """Cut text to ``width`` points with an ellipsis.

    >>> shorten("Weymouth and Portland", 9, 60)
    'Weymouth a…'
    """
    if text_width(words, size, bold=bold) <= width:
        return words
    while words and text_width(f"{words}…", size, bold=bold) > width:
        words = words[:-1].rstrip()
    return f"{words}…"


def plain(words: object) -> str:
    r"""Text of one line without control, bidirectional or other invisible characters.

    >>> plain("Poole\n\u202eBay\x07 Surgery")
    'Poole Bay Surgery'
    """
    spaced = " ".join(str(words).split())
    hidden = ("Cc", "Cf", "Cs", "Co", "Cn")  # of Cn, what is no character at all makes an SVG unreadable
    kept = "".join(letter for letter in spaced if unicodedata.category(letter) not in hidden)
    return " ".join(kept.split())


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21, as WCAG 2.2 computes it.

    >>> round(contrast("#000000", "#FFFFFF"))
    21
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
