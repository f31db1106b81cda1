"""A chart as SVG and PNG: small, accessible, and the same bytes for the same chart."""

import io
import re
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from PIL import Image

from reports import style

FORMATS = ("svg", "png")
# Palette entries. Charts have some ten colours; the rest are the edges of letters and marks.
PNG_COLOURS = 48


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
    FigureCanvasSVG(figure)
    figure.savefig(
        drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    return _accessible(_small(drawn.getvalue()), title, alt)


@style.context()
def png(figure: Figure, *, title: str, alt: str) -> bytes:
    """Draw a chart as PNG of 144 dots an inch with a small palette."""
    canvas = FigureCanvasAgg(figure)
    screen = figure.dpi
    figure.set_dpi(style.DPI)
    try:
        canvas.draw()  # type: ignore[no-untyped-call]
        size = canvas.get_width_height(physical=True)
        pixels = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
        image = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1).convert("RGB")
    finally:
        figure.set_dpi(screen)
    return _palette_png(image, {"Title": title, "Description": alt})


def _palette_png(image: Image.Image, words: dict[str, str]) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for key, value in words.items():
        info.add_itxt(key, style.plain(value), lang="en-GB")
    small = image.quantize(PNG_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    written = io.BytesIO()
    small.save(written, "PNG", pnginfo=info, dpi=(style.DPI, style.DPI))
    return written.getvalue()


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
