"""Whom each area is compared with, and how well they fit."""

from reports import words
from reports.contents import Contents
from reports.shorthand import NOT_APPLICABLE
from reports.tree import Tree
from reports.workbook import usual_columns as usual
from reports.workbook.spec import WHOLE, Column, Sheet, Table, decimal

MOST_PAIRS = 100_000  # of an area and a peer: ten each for all practices of England, and some


def peers_sheet(contents: Contents) -> Sheet:
    """Return every area's peers, the most similar first."""
    tree = Tree(contents)
    notes = ["The distance is a weighted sum of squared differences: the smaller, the more alike."]
    rows = contents.peers
    if len(rows) > MOST_PAIRS:
        rows = rows.head(MOST_PAIRS)
        notes.append(
            f"The first {words.number(MOST_PAIRS)} of {words.number(len(contents.peers))} rows; all of them are"
            " in the pack's peers table."
        )
    frame = rows.assign(
        area_name=rows["area"].map(tree.names).fillna(rows["area"]),
        peer_name=rows["peer"].map(tree.names).fillna(rows["peer"]),
        part_of=rows["area"].map(tree.parent_name),
        peer_part_of=rows["peer"].map(tree.parent_name),
    ).reset_index(drop=True)
    return Sheet(
        name="Peers",
        title="Peers of each area",
        description="The most similar areas, by which each area is judged: one row for each area and peer.",
        notes=tuple(notes),
        tables=(
            Table(
                name="peers",
                columns=(
                    Column(key="area_name", heading="Area", width=34),
                    usual.PART_OF,
                    Column(key="rank", heading="Rank, 1 is most similar", format=WHOLE, width=11),
                    Column(key="peer_name", heading="Peer", width=34),
                    Column(key="peer_part_of", heading="Peer is part of", width=24, missing=NOT_APPLICABLE),
                    Column(key="distance", heading="Distance", format=decimal(4), width=11),
                    Column(key="reciprocal", heading="Is it also a peer of its peer", width=14),
                    usual.AREA_CODE,
                    Column(key="peer", heading="Peer code", width=12),
                ),
                frame=frame,
                empty="No peers were chosen in this pack.",
            ),
        ),
    )


def peer_fit_sheet(contents: Contents) -> Sheet:
    """Return how close each area's peers are, and how far they hang on the weights."""
    tree = Tree(contents)
    rows = contents.peer_fit
    frame = rows.assign(
        area_name=rows["area"].map(tree.names).fillna(rows["area"]),
        part_of=rows["area"].map(tree.parent_name),
    ).reset_index(drop=True)
    return Sheet(
        name="Peer fit",
        title="How well the peers fit",
        description="One row for each area: are its peers like it, and would other weights choose others?",
        notes=(
            "Fit is the mean distance to the peers, as a percentile of the distances between all pairs of"
            " areas: an area with a high figure has no close peers, and its comparisons deserve less weight.",
        ),
        tables=(
            Table(
                name="peer_fit",
                columns=(
                    Column(key="area_name", heading="Area", width=34),
                    usual.PART_OF,
                    Column(key="fit", heading="Fit, percentile of all pairs", format=decimal(1), width=14),
                    Column(
                        key="kept_under_equal_weights",
                        heading="Peers kept under equal weights",
                        format=WHOLE,
                        width=14,
                    ),
                    Column(
                        key="kept_worst_drop",
                        heading="Peers kept without the most telling variable",
                        format=WHOLE,
                        width=16,
                    ),
                    usual.AREA_CODE,
                ),
                frame=frame,
                empty="No peers were chosen in this pack.",
            ),
        ),
    )
