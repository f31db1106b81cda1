"""The opportunity of all indicators sized in processes beside: the same tables, kept in case of an interruption."""

import pandas as pd

from reports.processes import Processes
from variation import analyse
from variation.packs.ready import MODULES
from variation.packs.unfinished import Unfinished


def test_processes_beside_give_the_same_tables_and_what_they_make_is_kept(
    example_inputs, example_analysis, tmp_path
):
    kept = Unfinished.beside(tmp_path / "pack", example_inputs)
    with Processes(2, modules=MODULES) as beside:
        first = analyse(example_inputs, kept=kept, beside=beside)
    parts = len(list((tmp_path / ".pack.unfinished").iterdir()))
    assert parts == -(-example_analysis.opportunity["indicator"].nunique() // 8)
    again = analyse(example_inputs, kept=kept)  # of the parts that are kept
    for found in (first, again):
        for name in ("comparison", "variation", "opportunity", "totals", "ledger", "trend"):
            pd.testing.assert_frame_equal(
                getattr(found, name), getattr(example_analysis, name), check_exact=True, obj=name
            )
