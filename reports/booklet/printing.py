"""From words and pictures to a PDF: what the booklet of a pack and that of one area have in common."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib

from reports.booklet.pictures import Album
from reports.contents import Contents
from reports.page.markup import clean
from reports.words import date_in_full


def print_booklet(package: str, told: dict[str, Any], album: Album, path: Path) -> None:
    """Lay a booklet out and write it; the same words, pictures and fonts give the same bytes.

    Parameters
    ----------
    package
        Where its layout is: ``booklet.typ`` beside the modules of ``reports.booklet`` or ``reports.area_pack``.
    told
        Everything that the layout prints, as plain texts and lists.
    album
        The pictures that it may show.
    path
        File to write.
        It keeps to PDF/UA-1, for screen readers; a layout that does not is an error.
    """
    import typst

    sources = {
        "main.typ": files(package).joinpath("booklet.typ").read_bytes(),
        "parts.typ": files("reports.booklet").joinpath("parts.typ").read_bytes(),
        "booklet.json": json.dumps(_cleaned(told), ensure_ascii=False).encode("utf-8"),
        **album.files,
    }
    path.write_bytes(typst.compile(sources, font_paths=_fonts(), pdf_standards="ua-1"))


@cache
def _fonts() -> Any:
    """Look for fonts once: it takes longer than laying a booklet out.

    Those of the charts' own library stand in where the machine has neither Arial nor Liberation Sans.
    """
    import typst

    return typst.Fonts(font_paths=[str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")])


def about_pack(contents: Contents) -> dict[str, Any]:
    """Return what stands on every booklet of a pack."""
    made = contents.made
    return {
        "title": contents.title,
        "period": contents.period,
        "marking": contents.marking,
        "foot": f"Version {contents.version} of the toolkit, {date_in_full(made)}",
        "made": [made.year, made.month, made.day],
        "attribution": contents.attribution,
    }


def _cleaned(value: Any) -> Any:
    """Return the same with every text free of characters that cannot be seen."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    return [_cleaned(item) for item in value] if isinstance(value, list | tuple) else value
