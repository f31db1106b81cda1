"""Where a figure of the panel stands in the files: the file and line of its first row."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.errors import Finding
from variation.figures.panel import Panel
from variation.reading.cells import FILE, LINE

# Findings of one check that are listed one by one, the gravest first; the last says how many more there are.
LISTED = 25


@dataclass(frozen=True)
class Places:
    """The rows of the indicator table by the panel's rows and columns."""

    panel: Panel
    indicators: pd.DataFrame

    @cached_property
    def finest(self) -> NDArray[np.bool_]:
        """Cells of areas of the kind that each group is given for, shape (groups, areas)."""
        kinds = self.panel.groups["finest"].to_numpy(dtype=object)[:, None]
        return np.asarray(self.panel.tree.kinds[None, :] == kinds)

    @cached_property
    def cells(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Row and column of the panel that each row of the indicator table belongs to."""
        keys = ["indicator", "period"]
        rows = pd.MultiIndex.from_frame(self.panel.groups[keys]).get_indexer(
            pd.MultiIndex.from_frame(self.indicators[keys])
        )
        return rows.astype(np.int64), self.panel.tree.positions(self.indicators["area"])

    def lines(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> list[tuple[str, int | None]]:
        """Return the file and first line of each cell."""
        groups, tree = self.panel.groups, self.panel.tree
        wanted = pd.DataFrame(
            {
                "indicator": groups["indicator"].to_numpy()[rows],
                "period": groups["period"].to_numpy()[rows],
                "area": tree.codes[columns],
            }
        )
        table = self.indicators
        near = table["indicator"].isin(wanted["indicator"].unique()) & table["area"].isin(
            wanted["area"].unique()
        )
        keys = ["indicator", "period", "area"]
        first = table.loc[near, [*keys, FILE, LINE]].drop_duplicates(keys)
        found = wanted.merge(first, on=keys, how="left")
        return [
            ("indicators", None) if pd.isna(line) else (str(file), int(line))
            for file, line in zip(found[FILE], found[LINE], strict=True)
        ]

    def note(
        self,
        findings: list[Finding],
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        *,
        code: str,
        severity: str,
        column: str | list[str],
        values: list[str],
        messages: list[str],
        hint: str,
        more: int = 0,
    ) -> None:
        """Note cells one by one, those given first; ``more`` are only counted."""
        for place, (file, line) in enumerate(self.lines(rows, columns)):
            last = place == len(rows) - 1 and more
            findings.append(
                Finding(
                    severity=severity,
                    code=code,
                    table=file,
                    row=line,
                    column=column if isinstance(column, str) else column[place],
                    value=values[place],
                    message=messages[place] + (f" (and {more:,} more such figures)" if last else ""),
                    hint=hint,
                )
            )
