"""A real Spark cluster on this machine (a driver and two executors) gives what one process gives, bit for bit."""

import json
import os
import shutil
import signal
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner

from tests.conftest import require
from variation import analyse, read_inputs
from variation.errors import InputError, VariationError

pytestmark = [
    pytest.mark.system,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]

ROOT = Path(__file__).parents[3]
TABLES = (
    "comparison", "variation", "opportunity", "totals", "trend", "inequality", "life_expectancy", "peers",
    "peer_fit", "plan", "ledger",
)  # fmt: skip

# One of each kind: plain and indirectly and directly standardised, a mean, a spend, deaths by age and sex.
SOME = 10


@pytest.fixture(scope="module")
def spark():
    require(find_spec("pyspark") is not None, "pyspark (pip install 'variation[spark]')")
    require(shutil.which("java") is not None or "JAVA_HOME" in os.environ, "Java")
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.executorEnv.PYTHONPATH", str(ROOT))
        # Small blocks: compiling Java for long runs, or splitting for many cores, takes longer than they do.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .config("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def folder(example_folder, tmp_path_factory):
    """The example with its indicators in Parquet files, of some of its indicators only."""
    here = tmp_path_factory.mktemp("on-spark")
    for path in example_folder.glob("*.csv"):
        if path.name != "indicators.csv":
            shutil.copy(path, here)
    rows = pd.read_csv(example_folder / "indicators.csv", dtype={"sex": "str", "age_band": "str"})
    catalogue = pd.read_csv(example_folder / "catalogue.csv")
    first_of_each = catalogue.groupby(["kind", "standardise"])["indicator"].head(2).tolist()
    chosen = dict.fromkeys([*first_of_each, "deaths", *catalogue["indicator"]])
    rows = rows[rows["indicator"].isin([*chosen][:SOME])].sample(frac=1, random_state=1)
    (here / "rows").mkdir()
    for number, part in enumerate(np.array_split(np.arange(len(rows)), 3)):
        rows.iloc[part].to_parquet(here / "rows" / f"{number}.parquet", index=False)
    settings = (example_folder / "analysis.toml").read_text(encoding="utf-8")
    settings += "\n[opportunity]\ndraws = 100\n"
    (here / "analysis.toml").write_text(settings.replace("indicators.csv", "rows"), encoding="utf-8")
    (here / "local.toml").write_text(settings.replace("indicators.csv", "rows/*.parquet"), encoding="utf-8")
    return here


@pytest.fixture(scope="module")
def local(folder):
    return analyse(read_inputs(folder / "local.toml"))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Where more than one run finds what is finished."""
    return tmp_path_factory.mktemp("results")


def assert_same(ours, theirs):
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(ours, name), getattr(theirs, name), check_exact=True, obj=name)
    pd.testing.assert_frame_equal(ours.finance.chain, theirs.finance.chain, check_exact=True, obj="chain")


def executors(spark):
    """Process numbers of the executors: a Python worker's parent's parent, asked of all of them."""

    def parents(batches):
        time.sleep(0.5)  # so that no one executor takes all the tasks
        yield from ()
        parent = Path(f"/proc/{os.getppid()}/stat").read_text().rsplit(")", 1)[1].split()[1]
        yield pa.RecordBatch.from_pydict({"pid": [int(parent)]})

    found = spark.range(4, numPartitions=4).mapInArrow(parents, "pid long").distinct().toArrow()
    return set(found["pid"].to_pylist())


def test_spark_gives_what_one_process_gives_bit_for_bit_and_keeps_what_is_done(spark, folder, local, results):
    from variation.spark.run import analyse_on_spark

    steps = []
    found = analyse_on_spark(folder / "analysis.toml", str(results), block_rows=8000, progress=steps.append)
    assert_same(found, local)
    # The session is as it was.
    assert spark.conf.get("spark.sql.sources.partitionColumnTypeInference.enabled") == "true"
    assert spark.conf.get("spark.sql.maxConcurrentOutputFileWriters") == "0"
    assert [*dict.fromkeys(step.split()[0] for step in steps)] == [
        "counting",
        "comparing",
        "following",
        "bringing",
    ]
    [store] = results.iterdir()
    parts = sorted((store / "blocks" / "part=comparison").iterdir())
    assert len(parts) == local.comparison["period"].nunique()
    # A block has neighbouring periods, so that it writes few files.
    files = [path.name for part in parts for path in part.glob("*.parquet")]
    blocks = {name.split("-")[1] for name in files}
    assert len(blocks) <= len(files) < len(blocks) + len(parts)
    made = {path: path.stat().st_mtime_ns for path in store.rglob("*.parquet")}
    again = analyse_on_spark(folder / "analysis.toml", str(results), block_rows=8000)
    assert_same(again, local)
    assert made == {path: path.stat().st_mtime_ns for path in store.rglob("*.parquet")}
    # A step that was not finished is done again, and only that.
    shutil.rmtree(store / "series.done")
    assert_same(analyse_on_spark(folder / "analysis.toml", str(results)), local)
    kept = {path: at for path, at in made.items() if "blocks" in path.parts}
    assert kept == {path: path.stat().st_mtime_ns for path in kept}


def test_of_more_than_a_driver_holds_come_the_latest_periods_and_what_fits_of_the_larger_areas(
    spark, folder, local, results, monkeypatch
):
    from variation.spark import brought
    from variation.spark.run import analyse_on_spark

    every = local.comparison
    latest = local.inputs.panel.groups.iloc[local.inputs.panel.latest_rows()]
    newest = pd.MultiIndex.from_frame(latest[["indicator", "period"]])
    is_latest = pd.MultiIndex.from_frame(every[["indicator", "period"]]).isin(newest)
    *others, smaller = reversed(local.inputs.tree.kinds_by_depth[1:])
    assert len(every) > is_latest.sum() + (every["kind"] == smaller).sum()
    kept = is_latest | every["kind"].isin(others)
    room = is_latest.sum() + every["kind"].isin(others).sum()
    monkeypatch.setattr(brought, "MOST_BROUGHT", int(room))
    found = analyse_on_spark(folder / "analysis.toml", str(results))
    pd.testing.assert_frame_equal(found.comparison, every[kept].reset_index(drop=True), check_exact=True)
    [note] = [one for one in found.found if one.code == "not_all_brought"]
    assert f"of {len(every):,} rows" in note.message
    assert f"earlier periods of {', '.join(others)} only" in note.message


def test_more_indicators_than_a_pack_holds_are_refused_before_anything_is_computed(
    spark, folder, local, tmp_path, monkeypatch
):
    from variation.spark import run

    areas = len(local.inputs.tree)
    monkeypatch.setattr(run, "MOST_IN_A_PACK", 3 * areas)
    with pytest.raises(
        VariationError, match=f"{SOME} indicators of {areas} areas (?s:.*) some 3 indicators at a time"
    ):
        run.analyse_on_spark(folder / "analysis.toml", str(tmp_path / "results"))
    assert not (tmp_path / "results").exists()


@pytest.mark.long
def test_an_executor_killed_in_the_middle_leaves_the_result_whole_and_equal(spark, folder, local, tmp_path):
    from variation.spark.run import analyse_on_spark

    before = executors(spark)
    assert len(before) == 2
    victim, killed = min(before), threading.Event()

    def kill_when_some_tasks_are_done_and_others_not():
        tracker = spark.sparkContext.statusTracker()
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
                if stage and stage.numTasks > 6 and 0 < stage.numCompletedTasks < stage.numTasks - 2:
                    os.kill(victim, signal.SIGKILL)
                    killed.set()
                    return
            time.sleep(0.02)

    killer = threading.Thread(target=kill_when_some_tasks_are_done_and_others_not)
    killer.start()
    found = analyse_on_spark(folder / "analysis.toml", str(tmp_path / "results"), block_rows=2000)
    killer.join()
    assert killed.is_set()
    assert not Path(f"/proc/{victim}").exists()
    assert_same(found, local)


def test_one_group_far_larger_than_the_others_changes_nothing(spark, tmp_path):
    """One indicator in one period has a hundred strata for every area, the others one row."""
    from variation.spark.run import analyse_on_spark

    random = np.random.default_rng(3)
    areas = [f"P{number:03d}" for number in range(60)]
    pd.DataFrame({"area": areas, "kind": "practice", "parent": "", "imd": random.gamma(4, 5, 60)}).to_csv(
        tmp_path / "areas.csv", index=False
    )
    pd.DataFrame(
        {"indicator": ["a", "b"], "name": ["A", "B"], "kind": "rate", "polarity": "low", "unit_cost": 10.0,
         "standardise": ["indirect", "none"]}
    ).to_csv(tmp_path / "catalogue.csv", index=False)  # fmt: skip
    strata = pd.MultiIndex.from_product(
        [["a"], areas, ["2016/17"], ["F", "M"], [f"{age}-{age + 1}" for age in range(0, 100, 2)]],
        names=["indicator", "area", "period", "sex", "age_band"],
    )
    large = strata.to_frame(index=False)
    small = pd.MultiIndex.from_product(
        [["a", "b"], areas, [f"{year}/{year - 1999}" for year in range(2010, 2016)]],
        names=["indicator", "area", "period"],
    ).to_frame(index=False)  # fmt: skip
    rows = pd.concat([large, small], ignore_index=True)
    rows["denominator"] = random.integers(50, 900, len(rows)).astype(float)
    rows["numerator"] = random.poisson(rows["denominator"] * 0.03).astype(float)
    rows.sample(frac=1, random_state=2).to_parquet(tmp_path / "rows.parquet", index=False)
    (tmp_path / "analysis.toml").write_text(
        'title = "Skew"\npolicy = "internal"\n'
        '[tables]\nareas = "areas.csv"\ncatalogue = "catalogue.csv"\nindicators = "rows.parquet"\n',
        encoding="utf-8",
    )
    found = analyse_on_spark(tmp_path / "analysis.toml", str(tmp_path / "results"), block_rows=200)
    assert len(found.comparison) == 60 * 13
    assert_same(found, analyse(read_inputs(tmp_path / "analysis.toml")))


def test_a_run_on_spark_writes_the_pack_of_a_local_run(spark, folder, tmp_path):
    from variation.cli.main import main

    for engine, settings in (("spark", "analysis.toml"), ("local", "local.toml")):
        arguments = [
            "run",
            folder / settings,
            "--out",
            tmp_path / engine,
            "--only",
            "tables",
            "--engine",
            engine,
        ]
        shown = CliRunner().invoke(main, [str(argument) for argument in [*arguments, "--quiet"]])
        assert shown.exit_code == 0, shown.output
    for name in TABLES:
        pair = [
            (tmp_path / engine / "tables" / f"{name}.parquet").read_bytes() for engine in ("spark", "local")
        ]
        assert pair[0] == pair[1], name
    manifest = json.loads((tmp_path / "spark" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"][0]["rows"] == len(read_inputs(folder / "local.toml").indicators)


def test_rows_that_cannot_be_used_stop_the_run_with_every_finding_and_settings_are_said_in_words(
    spark, folder, tmp_path
):
    from variation.spark.run import analyse_on_spark

    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    part = pd.read_parquet(broken / "rows" / "0.parquet")
    pd.concat([part, part.head(2)]).to_parquet(broken / "rows" / "0.parquet", index=False)
    with pytest.raises(InputError, match="a second row for the same indicator, area, period"):
        analyse_on_spark(broken / "analysis.toml", str(tmp_path / "results"))
    shutil.rmtree(broken / "rows")
    with pytest.raises(VariationError, match="rows: cannot be read as Parquet"):
        analyse_on_spark(broken / "analysis.toml", str(tmp_path / "results"))
    part.drop(columns="area").to_parquet(broken / "rows.parquet", index=False)
    (broken / "analysis.toml").write_text(
        (folder / "analysis.toml").read_text(encoding="utf-8").replace('"rows"', '"rows.parquet"'),
        encoding="utf-8",
    )
    with pytest.raises(VariationError, match=r"missing columns area\n  found: (.|\n)*hint: map them"):
        analyse_on_spark(broken / "analysis.toml", str(tmp_path / "results"))
    part.to_parquet(broken / "rows.parquet", index=False)
    text = (folder / "analysis.toml").read_text(encoding="utf-8")
    for key, named in (
        ("columns = { denominator = 'LIST_SIZE' }", "denominator"),
        ("scale = { value = 0.01 }", "value"),
    ):
        given = text.replace('"rows"', f'{{ file = "rows.parquet", {key} }}')
        (broken / "analysis.toml").write_text(given, encoding="utf-8")
        with pytest.raises(VariationError, match=rf"missing columns {named}\n  found: "):
            analyse_on_spark(broken / "analysis.toml", str(tmp_path / "results"))


def test_what_needs_all_rows_at_once_is_refused_in_words_before_spark_starts(folder, tmp_path):
    from variation.spark.run import analyse_on_spark

    with pytest.raises(
        VariationError, match=r"policy hes_2018 is not for --engine spark: (.|\n)*--policy internal"
    ):
        analyse_on_spark(folder / "analysis.toml", str(tmp_path), policy="hes_2018")
    text = (folder / "analysis.toml").read_text(encoding="utf-8")
    for added, message in (
        ("\n[periods]\nannualise = ['x']\n", "periods.pool and periods.annualise are not for --engine spark"),
        ("\n[tables.features]\nfile = 'no.csv'\n", "no such file"),
    ):
        (folder / "other.toml").write_text(text + added, encoding="utf-8")
        with pytest.raises(VariationError, match=message):
            analyse_on_spark(folder / "other.toml", str(tmp_path))
    unknown = text.replace('"rows"', '{ file = "rows", scale = { valu = 0.01 } }')
    (folder / "other.toml").write_text(unknown, encoding="utf-8")
    with pytest.raises(VariationError, match="did you mean value"):
        analyse_on_spark(folder / "other.toml", str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_the_folder_that_workers_are_given_is_the_one_that_this_package_lies_in():
    from variation.spark.session import INSTALLED

    assert (Path(INSTALLED) / "variation" / "spark" / "session.py").is_file()


def test_results_are_asked_of_spark_only(folder):
    from variation.cli.main import main

    shown = CliRunner().invoke(main, ["run", str(folder / "local.toml"), "--results", "somewhere"])
    assert shown.exit_code == 2
    assert "--engine spark" in shown.output
