"""The opportunity of a pack laid out for its sheets: reckoned nowhere here, only set side by side."""

from functools import cached_property

import pandas as pd

from reports import words
from reports.catalogue import programme_names
from reports.claims import Claim, claims
from reports.contents import Contents
from reports.flags import Flags, flags
from reports.pack_rows import league
from reports.shorthand import with_suppressed
from reports.tree import Tree
from reports.workbook.amounts import not_applicable
from reports.workbook.spec import MOST_ROWS

AREA_KEY = ["indicator", "area"]
LEAGUE_FIGURES = {
    "units": "units",
    "value_gbp": "gbp",
    "investment_gbp": "investment",
    "p10": "p10",
    "p90": "p90",
    "chance_floor_gbp": "floor",
}
LEDGER_FIGURES = LEAGUE_FIGURES | {
    "probability": "probability",
    "reliability": "reliability",
    "counted": "counted",
}
FLAGS = {"flagged": "flags", "expected": "flags_expected", "rightcare": "flags_rightcare"}


class Sizing:
    """Claims, league and ledger of a pack; figures of claim number i in columns ``units_i``, ``gbp_i`` ...."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self.tree = Tree(contents)
        self.claims: list[Claim] = claims(contents)

    @cached_property
    def league(self) -> pd.DataFrame:
        """One row per indicator that has an opportunity, the largest saving first."""
        contents = self._contents
        tables = [league(contents, mode=claim.mode, comparator=claim.comparator) for claim in self.claims]
        about = ["indicator", "direction", "unit"]
        known = pd.concat([table[about] for table in tables]).drop_duplicates("indicator")
        frame = contents.catalogue.drop(columns="unit").merge(known, on="indicator")
        frame["programme"] = frame["indicator"].map(programme_names(contents.catalogue))
        for number, table in enumerate(tables):
            figures = table.drop_duplicates("indicator").set_index("indicator")[list(LEAGUE_FIGURES)]
            frame = frame.join(_numbered(figures, LEAGUE_FIGURES, number), on="indicator")
        counted = pd.DataFrame.from_dict(flags(contents), orient="index", columns=list(Flags._fields))
        counted.index = counted.index.astype("str")  # where there are none, pandas takes codes for numbers
        frame = frame.join(counted[list(FLAGS)].rename(columns=FLAGS).astype(float), on="indicator")
        order = ["gbp_0", "investment_0", "units_0"]
        frame = frame.sort_values(order, ascending=False, kind="stable", ignore_index=True)
        own = contents.opportunity[contents.opportunity["area"] == contents.focus]
        if "suppressed" in own:
            withheld = own.loc[own["suppressed"].astype(bool), "indicator"]
            frame["suppressed"] = frame["indicator"].isin(withheld)
        return _shown(frame.assign(**not_applicable(frame, len(tables))))

    @cached_property
    def kinds(self) -> list[str]:
        """Kinds of area in the ledger: what the finest are grouped in, then the finest, if there is room."""
        kinds = [kind for kind in self.tree.kinds if kind in (self.tree.group_kind, self.tree.finest)]
        return [kind for kind in kinds if kind not in self.left_out]

    @cached_property
    def left_out(self) -> list[str]:
        """Kinds of area that have too many rows for a sheet."""
        rows = self._contents.opportunity
        finest = rows.loc[rows["kind"] == self.tree.finest, AREA_KEY].drop_duplicates()
        return [self.tree.finest] if len(finest) > MOST_ROWS else []

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """One row per indicator and area: the headline's figures, and the £ of every other claim."""
        rows = self._contents.opportunity
        rows = rows[rows["kind"].isin(self.kinds) & rows["area"].isin(self.tree.within())]
        about = [*AREA_KEY, "kind", "direction", "unit", "suppressed"]
        frame = rows.drop_duplicates(AREA_KEY)[[name for name in about if name in rows]]
        for number, claim in enumerate(self.claims):
            of_claim = rows[(rows["mode"] == claim.mode) & (rows["comparator"] == claim.comparator)]
            wanted = LEDGER_FIGURES if number == 0 else {"value_gbp": "gbp"}
            figures = of_claim.drop_duplicates(AREA_KEY).set_index(AREA_KEY)[list(wanted)]
            frame = frame.join(_numbered(figures, wanted, number), on=AREA_KEY)
        return self._in_order(frame)

    def _in_order(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Name the rows and order them: indicators as in the catalogue, areas from the whole down."""
        catalogue, tree = self._contents.catalogue.set_index("indicator"), self.tree
        place = {code: position for position, code in enumerate(catalogue.index)}
        frame = frame.assign(
            indicator_name=frame["indicator"].map(catalogue["name"]),
            programme=frame["indicator"].map(programme_names(self._contents.catalogue)),
            area_name=frame["area"].map(tree.names),
            part_of=words.each(frame["area"], tree.parent_name),
            kind_name=words.each(frame["kind"], words.kind_name),
            first=frame["indicator"].map(place),
            second=frame["area"].map(tree.order),
        ).sort_values(["first", "second"], kind="stable", ignore_index=True)
        return _shown(frame.assign(**not_applicable(frame, len(self.claims))))


def _shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Put [c] into the figures of suppressed rows."""
    numbered = [name for name in frame.columns if name.rpartition("_")[2].isdigit()]
    return with_suppressed(frame, [name for name in numbered if not name.startswith("counted")])


def _numbered(figures: pd.DataFrame, names: dict[str, str], number: int) -> pd.DataFrame:
    """Name the columns of a claim's figures by its number."""
    return figures.rename(columns={source: f"{name}_{number}" for source, name in names.items()})
