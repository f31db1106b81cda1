"""The ratios of the speed suite, small: none may fall to half of what is recorded in ratios.json."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import require
from tests.performance.__main__ import measured
from tests.performance.lines import LINES
from tests.performance.measure import exponent
from tests.performance.report import page, ratio_of

RECORDED = json.loads((Path(__file__).parent / "ratios.json").read_text(encoding="utf-8"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", RECORDED)
def test_a_ratio_does_not_fall_to_half_and_both_sides_give_the_same_numbers(name):
    if "PHStatsMethods" in LINES[name].against:
        require(
            find_spec("PHStatsMethods") is not None, "PHStatsMethods (pip install 'variation[performance]')"
        )
    ratio = max(ratio_of(measured(LINES[name].quick(), 2, beside=True)) for _ in range(2))
    assert ratio > RECORDED[name] / 2, f"{ratio:,.0f} against {RECORDED[name]:,} as recorded"


def test_every_line_with_a_quick_size_and_a_peer_has_a_recorded_ratio():
    assert set(RECORDED) == {name for name, line in LINES.items() if line.quick is not None}


def test_the_page_has_a_row_a_line_with_its_ratio_and_growth():
    timing = {"wall": 2.0, "processor": 3.0}
    rates = [
        {"size": size, "rows": size, "ours": {"wall": size / 1e6, "processor": size / 1e6}, "peak": 100.0,
         "peer": timing, "peer_rows": 10}
        for size in (4_000_000, 2_000_000, 1_000_000)
    ]  # fmt: skip
    written = page({"rates": rates}, "python -m tests.performance", "2 cores")
    [row] = [line for line in written.splitlines() if line.startswith("| rates")]
    assert "| 4,000,000 rows | 4.00 | 4.00 |" in row
    assert "| 300,000 |" in row  # 0.3 seconds a row against a millionth
    assert row.endswith("| 1.00, 0.00 |")
    assert "memory" in written.split("## What bounds")[1]


def test_the_exponent_is_the_power_of_growth():
    assert exponent([1, 2, 4, 8], [3, 12, 48, 192]) == pytest.approx(2)
