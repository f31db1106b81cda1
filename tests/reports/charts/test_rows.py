"""Rows with names: no name is cut, none covers the next, and a heading stands where the group changes."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import style
from reports.charts.rows import SECOND_LINE, named_rows

LONG = "Severe mental illness: full physical health check done"


def test_a_long_name_takes_two_lines_and_the_room_for_them() -> None:
    laid = named_rows(["Asthma", LONG, "COPD"], ["", "", ""], width=140)
    assert laid.lines[0] == "Asthma"
    assert laid.lines[1].replace("\n", " ") == LONG
    assert laid.place.tolist() == pytest.approx([0.0, 1 + SECOND_LINE / 2, 2 + SECOND_LINE])
    assert laid.end == pytest.approx(2.5 + SECOND_LINE)
    assert laid.headings == ()


@given(
    st.lists(
        st.tuples(st.sampled_from(["Asthma", LONG, "COPD", "x" * 90]), st.sampled_from(["", "A", "B"])),
        max_size=20,
    ),
    st.floats(60, 300),
)
def test_rows_never_run_into_each_other_and_lines_fit(rows: list[tuple[str, str]], width: float) -> None:
    names, groups = [name for name, _ in rows], [group for _, group in rows]
    laid = named_rows(names, groups, width=width)
    half = np.array([(1 + SECOND_LINE * line.count("\n")) / 2 for line in laid.lines])
    spans = sorted(
        [
            *zip(laid.place - half, laid.place + half, strict=True),
            *((y - 0.5, y + 0.5) for y, _ in laid.headings),
        ]
    )
    assert all(upper <= lower + 1e-9 for (_, upper), (lower, _) in pairwise(spans))
    for lines in laid.lines:
        assert all(style.text_width(line, style.SMALL) <= width for line in lines.split("\n"))
    changes = [new for old, new in zip(["", *groups], groups, strict=False) if new and new != old]
    assert [heading for _, heading in laid.headings] == changes


def test_no_rows_take_no_room() -> None:
    laid = named_rows([], [], width=100)
    assert laid.place.size == 0
    assert laid.lines == ()
