"""A chart as SVG and PNG: small, accessible, and the same bytes for the same chart."""

import io
import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from reports import style
from reports.charts import renderers

# Palette entries at most. Charts have some ten colours; the rest are the edges of letters and marks.
PNG_COLOURS = 256
PNG_EFFORT = 4  # of zlib, 1 to 9: two thirds of the time of 6 for a twentieth more bytes
WHITE = 4095


def save(figure: Figure, path: Path, *, title: str, alt: str) -> None:
    """Write a chart as the format that the ending of ``path`` names, svg or png."""
    if path.suffix == ".svg":
        path.write_text(svg(figure, title=title, alt=alt), encoding="utf-8", newline="\n")
    elif path.suffix == ".png":
        path.write_bytes(png(figure, title=title, alt=alt))
    else:
        raise ValueError(f"expected a path ending in .svg or .png, got {path.name!r}")


@style.context()
def svg(figure: Figure, *, title: str, alt: str) -> str:
    """Draw a chart as SVG whose text stays text, with its words for those who cannot see it."""
    drawn = io.StringIO()
    renderers.write_svg(figure, drawn)
    return _accessible(_small(drawn.getvalue()), title, alt)


@style.context()
def png(figure: Figure, *, title: str, alt: str) -> bytes:
    """Draw a chart as PNG of 144 dots an inch with a small palette."""
    return _palette_png(renderers.pixels(figure, style.DPI), {"Title": title, "Description": alt})


def _palette_png(pixels: NDArray[np.uint8], words: dict[str, str]) -> bytes:
    info = PngInfo()
    for key, value in words.items():
        info.add_itxt(key, style.plain(value), lang="en-GB")
    indices, palette = _indexed(pixels)
    image = Image.frombytes("P", (pixels.shape[1], pixels.shape[0]), indices.tobytes())
    image.putpalette(palette.astype(np.uint8).tobytes())
    written = io.BytesIO()
    image.save(written, "PNG", pnginfo=info, dpi=(style.DPI, style.DPI), compress_level=PNG_EFFORT)
    return written.getvalue()


def _indexed(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Reduce pixels to a palette: the colours that charts are drawn in, and 16 steps a channel between them.

    Returns the place of each pixel's colour in the palette, and the palette, shape ``(colours, 3)``; the first
    is white.
    """
    packed = np.ascontiguousarray(pixels).view("<u4").ravel()
    inked = np.flatnonzero(packed != 0xFFFFFFFF)
    codes = _bins(packed[inked])
    used = np.bincount(codes, minlength=4096)
    used[WHITE] = 1 + used.sum()
    kept = np.argsort(-used, kind="stable")[: min(PNG_COLOURS, int((used > 0).sum()))]
    palette = _colour_of_bin()[kept]
    place = np.zeros(4096, dtype=np.uint8)
    for code in np.flatnonzero(used):
        place[code] = ((_colour_of_bin()[code] - palette) ** 2).sum(axis=1).argmin()
    indices = np.zeros(len(packed), dtype=np.uint8)
    indices[inked] = place[codes]
    return indices, palette


def _bins(packed: NDArray[np.uint32]) -> NDArray[np.integer[Any]]:
    """Four bits of red, green and blue each, as one number."""
    return ((packed & 0xF0) << 4) | ((packed >> 8) & 0xF0) | ((packed >> 20) & 0xF)


@cache
def _colour_of_bin() -> NDArray[np.int64]:
    """Return the colour that stands for each bin: its middle, or the chart colour that lies in it."""
    code = np.arange(4096)
    colours = np.column_stack([code >> 8, (code >> 4) & 15, code & 15]) * 17
    exact = np.array([[round(255 * part) for part in to_rgb(colour)] for colour in style.COLOURS])
    colours[(exact[:, 0] >> 4 << 8) | (exact[:, 1] >> 4 << 4) | exact[:, 2] >> 4] = exact
    return colours


def _small(drawn: str) -> str:
    """Leave out what no viewer needs: half of what matplotlib writes."""
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<metadata>.*?</metadata>", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r"<[^>]*>", _small_tag, drawn)
    drawn = re.sub(r">\s+<", "><", drawn)
    # A run of marks has one look: said once, on their group.
    return re.sub(r"<g([^>]*)>((?:<use [^>]*/>)+)</g>", _one_look, drawn)


def _small_tag(found: re.Match[str]) -> str:
    tag = found[0]
    if tag.startswith("<image"):
        return tag
    tag = re.sub(r' transform="rotate\(-?0 [^"]*\)"', "", tag)
    tag = re.sub(r"font-family: [^;\"]*;? ?", "", tag)
    tag = re.sub(r"(?<=\d)\.(\d\d)\d+", r".\1", tag)
    tag = re.sub(r"\s+", " ", tag)
    return tag.replace("; ", ";").replace(": ", ":")


def _one_look(found: re.Match[str]) -> str:
    looks = set(re.findall(r' style="[^"]*"', found[2]))
    if len(looks) != 1 or " style=" in found[1]:
        return found[0]
    look = looks.pop()
    return f"<g{found[1]}{look}>{found[2].replace(look, '')}</g>"


def _accessible(drawn: str, title: str, alt: str) -> str:
    """Put the title and the words of the chart first, where a screen reader finds them."""
    head, _, rest = drawn.partition(">")
    attributes = (
        f' role="img" aria-labelledby="title desc" lang="en-GB" font-family={quoteattr(style.CSS_FAMILIES)}'
    )
    title, alt = escape(style.plain(title)), escape(style.plain(alt))
    said = f'<title id="title">{title}</title><desc id="desc">{alt}</desc>'
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}{attributes}>{said}{rest}'
