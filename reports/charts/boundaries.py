"""Boundaries as shapes to draw: GeoJSON geometry to paths in points, and a place inside each for its mark."""

import json
from typing import Any, NamedTuple

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

# Points of the picture: corners nearer to each other than this are one. No eye can tell, and a coastline of ten
# thousand corners takes a megabyte.
NEAR = 0.4
DEGREES = 360.0  # coordinates larger than this are metres

Floats = NDArray[np.float64]


class Shape(NamedTuple):
    """One area: its outline, holes included, and a place inside it."""

    path: Path
    middle: tuple[float, float]


def shapes(geometries: dict[str, str], *, width: float, height: float) -> dict[str, Shape]:
    """Fit boundaries into a plot.

    Parameters
    ----------
    geometries
        Area code: GeoJSON geometry (Polygon or MultiPolygon) as text, in degrees or metres.
    width, height
        Points of the plot that the whole is fitted into, its proportions kept.

    Returns
    -------
    dict
        By area code, in points, y upwards; areas whose geometry has no outline are left out.

    Raises
    ------
    ValueError
        If a text is no GeoJSON polygon, naming the area.
    """
    rings = {area: _rings(area, text) for area, text in geometries.items()}
    rings = {area: found for area, found in rings.items() if found}
    if not rings:
        return {}
    every = np.vstack([ring for found in rings.values() for ring in found])
    (left, bottom), (right, top) = every.min(axis=0), every.max(axis=0)
    # A degree of longitude is shorter than one of latitude away from the equator.
    narrow = float(np.cos(np.radians((bottom + top) / 2))) if np.abs(every).max() <= DEGREES else 1.0
    scale = min(width / max((right - left) * narrow, 1e-12), height / max(top - bottom, 1e-12))
    stretch = np.array([narrow, 1.0]) * scale
    shift = (np.array([width, height]) - (np.array([right, top]) - (left, bottom)) * stretch) / 2
    fitted = {
        area: [_thinned((ring - (left, bottom)) * stretch + shift) for ring in found]
        for area, found in rings.items()
    }
    return {area: _shape(found) for area, found in fitted.items()}


def _rings(area: str, text: str) -> list[Floats]:
    try:
        geometry: Any = json.loads(text)
        kind, parts = geometry["type"], geometry["coordinates"]
        polygons = {"Polygon": [parts], "MultiPolygon": parts}[kind]
        rings = [
            _turned(np.asarray(ring, dtype=float)[:, :2], outer=place == 0)
            for polygon in polygons
            for place, ring in enumerate(polygon)
            if len(ring) > 3
        ]
    except (ValueError, KeyError, TypeError, IndexError):
        found = str(text)[:40]
        raise ValueError(f"expected a GeoJSON Polygon or MultiPolygon for {area}, found {found!r}") from None
    return rings


def _turned(ring: Floats, *, outer: bool) -> Floats:
    """Return a ring that runs anticlockwise outside and clockwise round a hole: else the hole would be filled."""
    return ring if (_area(ring) > 0) == outer else ring[::-1]


def _thinned(ring: Floats) -> Floats:
    """Leave out corners in the same small square as the one before; a ring keeps its first and last."""
    square = np.floor(ring / NEAR)
    kept = np.ones(len(ring), dtype=bool)
    kept[1:-1] = (square[1:-1] != square[:-2]).any(axis=1)
    return ring[kept]


def _shape(rings: list[Floats]) -> Shape:
    codes = [np.array([Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY]) for ring in rings]
    path = Path(np.vstack(rings), np.concatenate(codes))
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    return Shape(path, _inside(rings, largest))


def _area(ring: Floats) -> float:
    x, y = ring.T
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2


def _inside(rings: list[Floats], largest: Floats) -> tuple[float, float]:
    """Middle of the widest stretch of the area at a few heights of its largest part, the middle height first."""
    low, high = largest[:, 1].min(), largest[:, 1].max()
    best, widest = (float(largest[:, 0].mean()), float((low + high) / 2)), 0.0
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        level = low + share * (high - low) + 1e-9
        at = np.sort(np.concatenate([_crossings(ring, level) for ring in rings]))
        ends = at[: len(at) // 2 * 2].reshape(-1, 2)  # in, out, in, out: holes are left out
        room = ends[:, 1] - ends[:, 0]
        if len(room) and room.max() > widest * 1.3:
            first = int(room.argmax())
            best, widest = (float(ends[first].mean()), float(level)), float(room.max())
    return best


def _crossings(ring: Floats, level: float) -> Floats:
    """Where a ring crosses a height, from the left edge of the plot."""
    (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
    crossing = (y0 <= level) != (y1 <= level)
    x0, y0, x1, y1 = (side[crossing] for side in (x0, y0, x1, y1))
    found: Floats = x0 + (level - y0) / (y1 - y0) * (x1 - x0)
    return found
