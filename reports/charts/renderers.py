"""Renderers of SVG and bitmaps that measure words as `reports.style` does: once a letter, not once a line."""

from typing import Any, TextIO

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports import style
from reports.charts import letters

BOLD = 600  # weights from here on are set in the bold face


def _is_bold(prop: Any) -> bool:
    weight = prop.get_weight()
    return weight in ("bold", "semibold", "heavy", "black") if isinstance(weight, str) else weight >= BOLD


class _Measured(RendererBase):
    """What both renderers do alike: measure words without shaping them."""

    def _pixels(self, prop: Any) -> float:
        return float(self.points_to_pixels(prop.get_size_in_points()))  # type: ignore[arg-type]

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Measure one line in pixels: its width, the height of the face, and the part below the baseline."""
        bold = _is_bold(prop)
        ascent, descent = style.face_height(bold)
        scale = self._pixels(prop)
        width = style.text_width(s, 1.0, bold=bold) * scale
        return width, (ascent + descent) * scale, descent * scale

    def _get_font_height_metrics(self, prop: Any) -> tuple[float, float, float]:
        """Give ascent, descent and line gap in pixels; matplotlib looks the font up anew without this."""
        ascent, descent = style.face_height(_is_bold(prop))
        scale = self._pixels(prop)
        return ascent * scale, descent * scale, 0.0


class Bitmap(_Measured, RendererAgg):
    """Draw pixels; words letter by letter from a cache."""

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Draw one line of text; what is turned or needs another font is left to matplotlib."""
        size = self._pixels(prop)
        set_ = None if angle else letters.line(s, float(x), size, bold=_is_bold(prop))
        if set_ is None:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)  # type: ignore[no-untyped-call]
            return
        rows, columns = set_.coverage.shape
        if not rows:
            return
        opacity = gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        image = np.empty((rows, columns, 4), dtype=np.uint8)
        image[..., :3] = np.rint(np.multiply(to_rgb(gc.get_rgb()), 255))
        image[..., 3] = np.rint(set_.coverage * float(opacity))
        bottom = int(self.height) - (round(float(y)) + set_.top + rows)
        self.draw_image(gc, set_.left, bottom, image[::-1])


class Vector(_Measured, RendererSVG):
    """Write SVG; its words are left to the reader's browser."""


def pixels(figure: Figure, dpi: float) -> NDArray[np.uint8]:
    """Draw a figure as red, green, blue and alpha, shape ``(height, width, 4)``; the figure stays as it is."""
    screen = figure.dpi
    figure.set_dpi(dpi)
    try:
        width, height = (int(side * dpi) for side in figure.get_size_inches())
        renderer = Bitmap(width, height, dpi)  # type: ignore[no-untyped-call]
        figure.draw(renderer)
        return np.asarray(renderer.buffer_rgba())  # type: ignore[no-untyped-call]
    finally:
        figure.set_dpi(screen)


def write_svg(figure: Figure, stream: TextIO) -> None:
    """Write a figure of 72 dots an inch as SVG; what is rasterised in it is drawn at `style.DPI`."""
    width, height = figure.get_size_inches()
    vector = Vector(width * 72, height * 72, stream, image_dpi=style.DPI, metadata={"Date": None})  # type: ignore[no-untyped-call]
    renderer = MixedModeRenderer(figure, width, height, style.DPI, vector)  # type: ignore[no-untyped-call]
    figure.draw(renderer)  # type: ignore[arg-type]
    renderer.finalize()
