"""Files about areas: maps of what lies in what, names, and columns that peers can be found by."""

from collections.abc import Iterator

from variation.guess.contents import (
    holds_numbers,
)
from variation.guess.headings import code_columns, features, match, plain
from variation.guess.look import Look
from variation.guess.role import ORDER, Role, role_of


def map_of_areas(look: Look) -> Iterator[Role]:
    """A row for each area, with the groups that it is in or its name, and few figures."""
    codes = code_columns(look)
    figures = [h for h, texts in look.columns.items() if h not in codes and holds_numbers(texts)]
    if len(figures) > 2:
        return
    if not codes:
        yield from _names_alone(look)
        return
    finest = min(codes, key=lambda heading: ORDER.index(codes[heading]))
    if not look.columns[finest].is_unique:
        return
    levels, names = levels_of(look, finest)
    kind = codes[finest]
    if len(levels) > 1:
        yield role_of(
            look, "areas", f"map of {', '.join(levels)}", levels=levels, level_names=names, kind=kind, rank=2
        )
        return
    name = name_beside(look, finest)
    if name:
        columns = {"area": finest, "name": name}
        yield role_of(
            look,
            "areas",
            f"names of areas ({kind})",
            columns=columns,
            values={"kind": kind},
            kind=kind,
            rank=1,
        )
    elif figures:
        yield from features_of_areas(look)


def _names_alone(look: Look) -> Iterator[Role]:
    """Two columns, codes of no kind that is known and names."""
    found = match(look, ("area", "name"))
    if len(look.columns) == 2 and len(found) == 2 and look.columns[found["area"]].is_unique:
        columns = {ours: theirs for ours, theirs in found.items() if ours != theirs}
        yield role_of(look, "areas", "names of areas", columns=columns, values={"kind": "area"}, kind="area", rank=1,
                    unsure=("of what kind its areas are is not in the file: fill it in under values",))  # fmt: skip


def areas_of_figures(look: Look, area: str, named: str, kind: str) -> Iterator[Role]:
    """The areas that a file of figures names, with the levels above them."""
    levels, names = levels_of(look, area)
    if len(levels) > 1:
        yield role_of(look, "areas", f"areas of {', '.join(levels)}", levels=levels, level_names=names, unique=True,
                    kind=kind)  # fmt: skip
    elif named and kind:
        columns = {"area": area, "name": named}
        yield role_of(
            look,
            "areas",
            "names of its areas",
            columns=columns,
            values={"kind": kind},
            unique=True,
            kind=kind,
        )


def levels_of(look: Look, finest: str) -> tuple[dict[str, str], dict[str, str]]:
    """Kinds of area with the headings of their codes, each below the next, and those of their names."""
    codes = code_columns(look)
    levels = {codes.get(finest, "area"): finest}
    for kind in ORDER[:-1]:
        candidates = [heading for heading, found in codes.items() if found == kind and heading != finest]
        ons = [heading for heading in candidates if look.columns[heading].str.contains(r"E\d{8}").any()]
        candidates = [heading for heading in candidates if heading not in ons] or ons
        below = list(levels.values())[-1]
        for heading in candidates:
            pairs = look.cells.iloc[
                :, [look.headings.index(below), look.headings.index(heading)]
            ].drop_duplicates()
            fewer = look.columns[heading].nunique() < look.columns[below].nunique()
            if kind not in levels and fewer and pairs.iloc[:, 0].duplicated().mean() < 0.1:
                levels[kind] = heading
    names = {kind: name for kind, heading in levels.items() if (name := name_beside(look, heading))}
    return levels, names


def name_beside(look: Look, heading: str) -> str:
    """Heading of the names that go with codes: PRACTICE_NAME beside PRACTICE_CODE, or simply name."""
    stem = (
        plain(heading)
        .removesuffix(" code")
        .removesuffix(" id")
        .removesuffix(" ods")
        .removesuffix("code")
        .strip()
    )
    stem = stem.removeprefix("ons ")
    for other in look.columns:
        if plain(other) in (f"{stem} name", f"{stem}name"):
            return other
    lone = [
        other for other in look.columns if plain(other) in ("name", "practice name", "area name", "ccg name")
    ]
    return lone[0] if lone and stem in ("", "code", "area", "practice", "ccg", "id") else ""


def features_of_areas(look: Look) -> Iterator[Role]:
    """A row for each area with columns of numbers that peers can be found by."""
    found = features(look)
    codes = code_columns(look)
    unique = [heading for heading in codes if look.columns[heading].is_unique]
    if not unique or not found:
        return
    area, kind = unique[0], codes[unique[0]]
    columns = {"area": area} | found
    said = f"{', '.join(found)} of areas ({kind})"
    rank = 1 if len(found) > 2 else 0
    name = name_beside(look, area)
    yield role_of(look, "features", said, columns=columns, kind=kind, rank=rank)
    columns = {"area": area, **({"name": name} if name else {}), **found}
    yield role_of(look, "areas", said, columns=columns, values={"kind": kind}, kind=kind)
