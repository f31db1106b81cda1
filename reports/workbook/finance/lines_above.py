"""Lines of the plan with those that they are part of, so that a sum over a line takes in its parts."""

import pandas as pd

from reports.shorthand import NOT_APPLICABLE
from reports.workbook.spec import Column

DEEPEST = 6  # levels of a plan's tree that formulas follow


def depth_of(plan: pd.DataFrame) -> int:
    """Return how many levels of lines there are, one for a plan without any."""
    return max([len(lines) for lines in above(plan).values()], default=1)


def above(plan: pd.DataFrame) -> dict[str, list[str]]:
    """Every line with those that it is part of, itself first."""
    parent = {
        str(line): str(of) for line, of in zip(plan["plan_line"], plan["parent"].fillna(""), strict=True)
    }
    found: dict[str, list[str]] = {}
    for line in parent:
        chain = [line]
        while (up := parent.get(chain[-1], "")) in parent and up not in chain and len(chain) < DEEPEST:
            chain.append(up)
        found[line] = chain
    return found


def above_columns(plan: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns that hold a row's line of the plan and each that it is part of."""
    return tuple(
        Column(
            key=f"above_{level}",
            heading="Counts towards the line" if level == 0 else f"And towards, {level} up",
            width=30,
            missing=NOT_APPLICABLE,
        )
        for level in range(depth_of(plan))
    )


def with_above(frame: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """Add those columns to rows that have a line of the plan."""
    chains = above(plan)
    found = [chains.get(str(line), [str(line)]) for line in frame["plan_line"]]
    return frame.assign(
        **{
            f"above_{level}": pd.Series(
                [lines[level] if level < len(lines) else NOT_APPLICABLE for lines in found],
                index=frame.index,
                dtype=object,
            )
            for level in range(depth_of(plan))
        }
    )
