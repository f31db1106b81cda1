"""Files whose headings are known: our own tables, Fingertips, OpenPrescribing, QOF, outlines for maps."""

from collections.abc import Iterator
from typing import Any

from variation.guess.contents import (
    area_kind,
)
from variation.guess.figures import marks_of
from variation.guess.headings import code_columns, plain
from variation.guess.look import Look
from variation.guess.role import NO_PERIOD, Role, role_of
from variation.reading.readers.fingertips_columns import KINDS
from variation.reading.readers.fingertips_columns import NEEDED as FINGERTIPS
from variation.reading.readers.qof import GROUPS, LEVELS, REGISTERS, USUAL, YEAR
from variation.tables import INPUTS

# What a table of ours is told by, where it has our own headings; the first that fits counts.
OURS = {
    "indicators": {"indicator", "area", "period"},
    "catalogue": {"indicator", "name", "kind"},
    "areas": {"area", "kind"},
    "peers": {"area", "peer"},
    "successors": {"area", "successor"},
    "schemes": {"scheme", "start_year"},
    "overlaps": {"indicator", "other"},
    "assumptions": {"indicator", "point_of_delivery"},
    "plan": {"plan_line"},
}


def own(look: Look) -> Iterator[Role]:
    """Tables that have our own headings."""
    headings = set(look.headings)
    for table, needed in OURS.items():
        if needed <= headings:
            kinds = [str(kind) for kind in look.columns["kind"].unique()] if table == "areas" else []
            known = next((spec.names for spec in INPUTS if spec.name == table), sorted(needed))
            number = len(headings & set(known))
            yield role_of(look, table, f"our own {table} table ({number} columns)", rank=3,
                        known=True, kind=kinds[0] if kinds else "", **marks_of(look))  # fmt: skip
            return


def fingertips(look: Look) -> Iterator[Role]:
    """Fingertips: figures, areas and catalogue in one; the area type that most rows have."""
    if not set(FINGERTIPS) <= set(look.headings):
        return
    types = [str(name) for name in look.columns["Area Type"].value_counts().index]
    number = look.columns["Indicator Name"].nunique()
    shown = ", ".join(types[:4]) + (f" and {len(types) - 4} more" if len(types) > 4 else "")
    said = f"Fingertips, {number} indicator{'s' if number != 1 else ''}; area types {shown}"
    kind = next((ours for start, ours in KINDS.items() if types[0].startswith(start)), "")
    chosen = {"area_types": types[0]} if len(types) > 1 else {}
    unsure = (f"of {len(types)} area types, {types[0]} was taken, which most rows have",) if chosen else ()
    more: dict[str, Any] = {"reader": "fingertips", "kind": kind, "known": True}
    yield role_of(look, "indicators", said, rank=2, unsure=unsure, **more, **chosen)
    yield role_of(look, "areas", said, rank=1, **more, **chosen)
    yield role_of(look, "catalogue", said, rank=1, **more)


def openprescribing(look: Look) -> Iterator[Role]:
    """OpenPrescribing: measures and searches by month, spend without months, the list of measures."""
    headings = set(look.headings)
    codes = [name for name in ("code", "org_id", "pct_id", "practice_id", "row_id", "id") if name in headings]
    if {"measure_name", "is_percentage", "y_label"} <= headings:
        yield role_of(
            look,
            "catalogue",
            "OpenPrescribing's list of measures",
            reader="openprescribing",
            known=True,
            rank=2,
        )
    elif codes and {"numerator", "denominator"} <= headings and {"month", "date"} & headings:
        yield from _measures(look, codes[0], "OpenPrescribing, a measure by month", latest_months=12)
    elif codes and {"y_items", "total_list_size"} <= headings and "date" in headings:
        yield from _measures(look, codes[0], "OpenPrescribing, a search by month", latest_months=12)
    elif codes and {"numerator_cost", "denominator_cost"} <= headings:
        columns = {"numerator": "numerator_cost", "denominator": "denominator_cost"}
        yield from _measures(look, codes[0], "OpenPrescribing, spend without months", columns=columns,
                             values={"period": NO_PERIOD}, unsure=("its period is not in the file",))  # fmt: skip


def _measures(
    look: Look, code: str, said: str, *, unsure: tuple[str, ...] = (), **given: Any
) -> Iterator[Role]:
    kind = area_kind(look.columns[code]) or "area"
    yield role_of(
        look,
        "indicators",
        said,
        reader="openprescribing",
        known=True,
        kind=kind,
        rank=2,
        unsure=unsure,
        **given,
    )
    if {"name", "org_name", "practice_name"} & set(look.headings):
        yield role_of(
            look,
            "areas",
            said,
            reader="openprescribing",
            known=True,
            values={"kind": kind},
            kind=kind,
            rank=1,
        )


def qof(look: Look) -> Iterator[Role]:
    """QOF: registers, groups of indicators, the map of organisations."""
    headings = set(look.headings)
    if set(REGISTERS.values()) <= headings:
        named = YEAR.search(look.path.stem)
        given = {} if named else {"values": {"period": NO_PERIOD}}
        unsure = () if named else ("its period is not in its name: fill it in under values",)
        said = "QOF registers and list sizes"
        yield role_of(
            look,
            "indicators",
            said,
            reader="qof",
            known=True,
            kind="practice",
            rank=2,
            unsure=unsure,
            **given,
        )
    elif set(GROUPS.values()) <= headings:
        yield role_of(look, "catalogue", "QOF groups of indicators", reader="qof", known=True, rank=2)
    elif {"PRACTICE_CODE", "PRACTICE_NAME"} <= headings and "PCN_ODS_CODE" in headings:
        levels = [kind for kind in USUAL if LEVELS[kind][0] in headings]
        said = f"QOF map of organisations: {', '.join(levels)}"
        yield role_of(look, "areas", said, reader="qof", known=True, kind="practice", rank=2)


def boundaries(look: Look) -> Iterator[Role]:
    """Outlines of areas, by the property that holds codes; and their names, where another has them."""
    if "geometry" not in look.headings or look.path.suffix.lower() not in (".geojson", ".json"):
        return
    codes = code_columns(look)
    if not codes:
        return
    heading, kind = next(iter(codes.items()))
    columns = {} if heading == "area" else {"columns": {"area": heading}}
    named = next((h for h in look.columns if "name" in plain(h).split()), "")
    if named:
        both = {"area": heading, "name": named}
        yield role_of(
            look, "areas", f"names of areas ({kind})", columns=both, values={"kind": kind}, kind=kind
        )
    yield role_of(
        look,
        "boundaries",
        f"outlines of {len(look.cells)} areas ({kind})",
        kind=kind,
        rank=2,
        known=True,
        **columns,
    )
