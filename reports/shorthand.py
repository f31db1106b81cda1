"""What stands in place of a figure, in every table of a pack: government shorthand, never an empty cell."""

from collections.abc import Sequence

import pandas as pd

SUPPRESSED, NOT_AVAILABLE, NOT_APPLICABLE, LOW = "[c]", "[x]", "[z]", "[low]"
SHORTHAND = {
    SUPPRESSED: "suppressed, to protect people who could be recognised",
    NOT_AVAILABLE: "not available",
    NOT_APPLICABLE: "not applicable",
    LOW: "not 0, but rounds to 0",
}


def with_suppressed(table: pd.DataFrame, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Put [c] where a figure is missing because the row is suppressed; what is missing otherwise stays so.

    To be called last, when a table is laid out to be read: its columns then hold words beside figures. Of all
    columns of numbers, or of ``columns`` where given.

    >>> rows = pd.DataFrame({"value": [1.5, float("nan")], "suppressed": [False, True]})
    >>> with_suppressed(rows)["value"].tolist()
    [1.5, '[c]']
    """
    if "suppressed" not in table or not (rows := table["suppressed"].fillna(False).astype(bool)).any():
        return table
    marked = table.copy()
    for name in columns or table.select_dtypes("number").columns:
        missing = rows & table[name].isna()
        if missing.any():
            marked[name] = table[name].astype(object).mask(missing, SUPPRESSED)
    return marked
