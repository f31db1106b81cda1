"""Peers: whom each area is compared with, and how good the fit is."""

from reports.contents import Contents
from reports.page.table import Row, Table, columns, number, text
from reports.tree import Tree

AREAS_LISTED = 40  # the least well matched first; all of them stand in the workbook and in tables/
NOTE = (
    "Distance percentile: mean distance to the peers among the distances of all pairs; lower is closer."
    " Stay: how many of the peers remain when all variables weigh the same, and when the most telling"
    " variable is left out. Mutual: peers that have the area among their own peers."
)


def peer_table(contents: Contents) -> Table | None:
    """Return one row per area, the least well matched first; None where no peers were chosen."""
    if contents.peers.empty:
        return None
    tree = Tree(contents)
    peers = contents.peers.sort_values(["area", "rank"])
    names = peers["peer"].map(tree.names).fillna(peers["peer"])
    listed = names.groupby(peers["area"]).agg("; ".join)
    mutual = peers["reciprocal"].astype("boolean").fillna(False).astype(int).groupby(peers["area"]).sum()
    fit = contents.peer_fit.drop_duplicates("area").set_index("area").reindex(listed.index)
    order = fit["fit"].astype(float).sort_values(ascending=False, na_position="last", kind="stable").index
    rows = tuple(
        Row(
            cells=(
                text(tree.name(area)),
                number(fit.loc[area, "fit"], decimals=1),
                number(fit.loc[area, "kept_under_equal_weights"], decimals=0),
                number(fit.loc[area, "kept_worst_drop"], decimals=0),
                number(int(mutual[area])),
                text(listed[area]),
            )
        )
        for area in order[:AREAS_LISTED]
    )
    names_of = (
        "Area",
        "Distance percentile",
        "Stay under equal weights",
        "Stay without one variable",
        "Mutual",
    )
    cut = f"; the {len(rows)} least well matched of {len(order):,}" if len(rows) < len(order) else ""
    return Table(
        id="peers-table",
        caption=f"Peers of each area and how good the fit is{cut}",
        columns=columns(*names_of, "Peers, the most similar first", numeric=names_of[1:]),
        rows=rows,
        note=NOTE,
        tools=True,
        file="peers.csv",
    )
