"""GeoJSON: a row for each feature, its properties as columns and its outline as GeoJSON text."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from variation.reading.formats.columns import with_texts
from variation.reading.formats.part import Asked, Part, UnreadableError

OUTLINE = "geometry"


def read_geojson(path: Path, name: str, asked: Asked) -> Part:
    """Read the features of a collection; the first counts as line 2."""
    features = _features(path)
    rows = [
        {**(feature.get("properties") or {}), OUTLINE: _outline(feature.get("geometry"))}
        for feature in features
    ]
    frame = pd.DataFrame(rows)
    frame.columns = frame.columns.astype(str).str.strip()
    headings = tuple(frame.columns)
    frame = frame[[heading for heading in headings if heading in asked]]
    return Part(name=name, stem=path.stem, frame=with_texts(frame, asked), headings=headings)


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableError("is not text in the encoding utf-8", "GeoJSON always is") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableError(f"is not JSON: {error}", "was its download broken off?") from None
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "Topology":
        raise UnreadableError("is TopoJSON", "save it as GeoJSON, for example on mapshaper.org")
    features = content.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise UnreadableError(
            "holds no FeatureCollection", "boundaries are features with properties and a geometry"
        )
    if not features:
        raise UnreadableError("has no features", "was its export or its filter empty?")
    if not all(isinstance(feature.get("properties") or {}, dict) for feature in features):
        raise UnreadableError(
            "has properties that are no names with values", "save it as GeoJSON again, with its attributes"
        )
    return features


def _outline(geometry: object) -> str | None:
    """Write a geometry as compact text; None where a feature has no outline."""
    return None if geometry is None else json.dumps(geometry, separators=(",", ":"))
