"""Databases: a real PostgreSQL and SQLite give the same frame as a CSV, and nobody is told a secret."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy
from click.testing import CliRunner

from tests.conftest import require
from variation.cli.main import main
from variation.errors import SettingsError
from variation.reading.tables import FILE, LINE, read_table
from variation.settings import read_settings
from variation.settings.table_source import TableSource
from variation.tables import AREAS, INDICATORS

# With every mark that has a meaning in a url.
PASSWORD = "p@ss/w:rd%41 ?#"
FRAME = pd.DataFrame(
    {
        "indicator": ["asthma"] * 3,
        "area": ["001", "002", "Ünï"],
        "period": ["2016/17"] * 3,
        "numerator": [12.0, None, 7.5],
        "denominator": [1000.0, 900.0, 800.0],
    }
)


def as_owner(command: list[str]) -> list[str]:
    """Run as somebody who is not root: PostgreSQL refuses that."""
    return ["su", "postgres", "-s", "/bin/sh", "-c", " ".join(command)] if os.geteuid() == 0 else command


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server of our own in a temporary folder: its url with the password as ${DB_PASSWORD}."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = shutil.which("initdb") or (str(homes[-1] / "initdb") if homes else "")
    require(bool(found), "PostgreSQL (initdb and pg_ctl)")
    programs = Path(found).resolve().parent
    pwd = pytest.importorskip("pwd", reason="PostgreSQL is started as on Linux and macOS")
    with socket.socket() as free, tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        secret, data = Path(folder) / "password", Path(folder) / "data"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)

        def run(*command: str) -> None:
            subprocess.run(as_owner(list(command)), check=True, capture_output=True, timeout=60, cwd=folder)

        run(f"{programs}/initdb", "-D", str(data), "-U", "analyst", "-A", "scram-sha-256", "--pwfile", str(secret),
            "-E", "UTF8", "--locale=C", "--no-sync")  # fmt: skip
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        run(f"{programs}/pg_ctl", "-D", str(data), "-o", f"'{options}'" if os.geteuid() == 0 else options,
            "-l", f"{folder}/log", "-w", "start")  # fmt: skip
        try:
            yield f"postgresql+psycopg://analyst:${{DB_PASSWORD}}@127.0.0.1:{port}/postgres"
        finally:
            run(f"{programs}/pg_ctl", "-D", str(data), "-m", "immediate", "stop")


@contextlib.contextmanager
def connected(url: sqlalchemy.URL | str) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        yield connection


@pytest.fixture(scope="session")
def filled(server: str) -> str:
    """The server with tables of indicators, in a schema of their own too."""
    url = sqlalchemy.make_url(server).set(password=PASSWORD)
    with connected(url) as connection:
        connection.exec_driver_sql("create schema gp")
        FRAME.to_sql("indicators", connection, index=False)
        FRAME.sample(frac=1, random_state=1).to_sql("Indicators 2016", connection, schema="gp", index=False)
        connection.exec_driver_sql(
            "create table typed as select 'asthma' as indicator, 12::int as area, date '2016-04-01' as period,"
            " 12.5::numeric as numerator, 1000::bigint as denominator"
            " union all select 'asthma', 13, date '2016-05-01', null, 900"
        )
    return server


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", PASSWORD)


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    with connected(f"sqlite:///{tmp_path / 'data.db'}") as connection:
        FRAME.to_sql("indicators", connection, index=False)
    return "sqlite:///data.db"


def read(url, where=Path(), spec=INDICATORS, **options):
    return read_table((TableSource(url=url, **options),), spec, folder=where)


def rows(reading):
    return reading.table.drop(columns=[FILE, LINE]).sort_values("area", ignore_index=True)


def assert_same(reading):
    assert reading.findings == []
    pd.testing.assert_frame_equal(rows(reading), FRAME, check_dtype=False)


def test_more_rows_than_may_be_are_refused(sqlite, tmp_path):
    (finding,) = read(sqlite, tmp_path, table="indicators", most_rows=len(FRAME) - 1).findings
    assert (finding.code, "most_rows" in finding.message) == ("file", True)
    assert_same(read(sqlite, tmp_path, table="indicators", most_rows=len(FRAME)))


@pytest.mark.system
@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize(
    "options",
    [{"table": "indicators"}, {"table": "gp.Indicators 2016"}, {"query": "select * from indicators"},
     {"query": "select *, '100%' as \"share :x\" from indicators where area::text <> '12:30'"}],
    ids=["table", "table of a schema", "query", "marks that mean something to drivers"],
)  # fmt: skip
def test_postgresql_gives_the_same_frame(filled, options):
    assert_same(read(filled, **options))


def test_sqlite_gives_the_same_frame_from_the_folder_of_the_settings(sqlite, tmp_path):
    assert_same(read(sqlite, tmp_path, table="indicators"))
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "ours.sql").write_text("select * from indicators\n", encoding="utf-8-sig")
    by_file = read(sqlite, tmp_path, query="ours.sql", folder="sql", values={"indicator": "{stem}"})
    assert by_file.table["indicator"].unique().tolist() == ["ours"]


@pytest.mark.system
@pytest.mark.usefixtures("secret")
def test_whole_numbers_dates_and_decimals_become_codes_periods_and_numbers(filled):
    table = rows(read(filled, table="typed", period="month"))
    assert table[["area", "period"]].to_numpy().tolist() == [["12", "2016-04"], ["13", "2016-05"]]
    assert table["numerator"].to_list()[0] == 12.5
    assert table["numerator"].isna().to_list() == [False, True]


@pytest.mark.system
@pytest.mark.usefixtures("secret")
def test_rows_of_a_table_come_in_one_order_and_with_one_hash_however_they_are_stored(filled):
    first, second = read(filled, table="indicators"), read(filled, table="gp.Indicators 2016")
    pd.testing.assert_frame_equal(first.table.drop(columns=FILE), second.table.drop(columns=FILE))
    assert first.sources[0][1:] == second.sources[0][1:] == (3, first.sources[0][2])
    assert first.sources[0][0] == "indicators"


def everything_told(reading):
    return (
        "\n".join(str(finding) for finding in reading.findings)
        + str(reading.sources)
        + reading.table.to_csv()
    )


@pytest.mark.system
def test_a_wrong_password_is_said_without_it(filled, monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", "wrong-horse")
    reading = read(filled, table="indicators")
    assert [(f.severity, f.code, f.table) for f in reading.findings] == [("error", "file", "indicators")]
    assert "password authentication failed" in reading.findings[0].message
    assert "environment" in reading.findings[0].hint
    assert "wrong-horse" not in everything_told(reading)


@pytest.mark.system
@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"table": "nothing"}, 'relation "nothing" does not exist'),
        ({"query": "selct 1"}, "syntax error"),
        ({"query": "missing.sql"}, "no such query file: missing.sql"),
    ],
)
def test_what_the_server_says_is_told_in_a_line(filled, options, words):
    reading = read(filled, **options)
    assert words in reading.findings[0].message
    assert "\n" not in reading.findings[0].message
    assert reading.table.empty


@pytest.mark.system
@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("query", ["delete from indicators returning *", "create table made (area text)"])
def test_a_query_that_changes_something_is_refused(filled, sqlite, tmp_path, query):
    for url in (filled, sqlite):
        reading = read(url, tmp_path, query=query)
        assert reading.findings[0].code == "file"
        assert len(read(url, tmp_path, table="indicators").table) == 3
        assert "made" in read(url, tmp_path, table="made").findings[0].message


def test_a_server_that_is_not_there_is_said_with_a_hint(monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", PASSWORD)
    reading = read("postgresql+psycopg://me:${DB_PASSWORD}@127.0.0.1:1/x", table="t")
    assert "cannot be read" in reading.findings[0].message
    assert "server's name" in reading.findings[0].hint
    assert PASSWORD not in everything_told(reading)


def test_a_variable_that_is_not_set_is_named(monkeypatch):
    monkeypatch.delenv("DB_PASSWORD", raising=False)
    reading = read("postgresql+psycopg://me:${DB_PASSWORD}@${DB_HOST}/x", table="t")
    assert reading.findings[0].message == "needs DB_PASSWORD, DB_HOST in the environment"


def test_a_url_may_come_from_the_environment_whole(sqlite, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", sqlite)
    assert_same(read("${DATABASE_URL}", tmp_path, table="indicators"))
    monkeypatch.setenv("DATABASE_URL", f"nonsense {PASSWORD}")
    reading = read("${DATABASE_URL}", tmp_path, table="indicators")
    assert reading.findings[0].code == "file"
    assert PASSWORD not in everything_told(reading)


def test_a_database_file_that_is_not_there_is_not_made(tmp_path):
    reading = read("sqlite:///none.db", tmp_path, table="t")
    assert reading.findings[0].message == f"no such database file: none.db in {tmp_path}"
    assert list(tmp_path.iterdir()) == []


def test_a_driver_that_is_not_installed_is_named(tmp_path):
    reading = read("nosuchsql://server/x", tmp_path, table="t")
    assert "has no driver" in reading.findings[0].message
    assert "variation[sql]" in reading.findings[0].hint


def test_features_of_a_database_bring_every_number_column(sqlite, tmp_path):
    with connected(f"sqlite:///{tmp_path / 'data.db'}") as connection:
        pd.DataFrame({"area": ["A"], "kind": ["practice"], "imd": [12.5]}).to_sql(
            "areas", connection, index=False
        )
    assert read(sqlite, tmp_path, spec=AREAS, table="areas").table["imd"].to_list() == [12.5]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hunter2@server/x",
        "postgresql://me:hunter2${MORE}@server/x",
        "postgresql://server/x?user=me&password=hunter2",
        "mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BODBC%7D%3BUID%3Dme%3BPWD%3Dhunter2",
        "mssql+pyodbc:///?odbc_connect=Driver={ODBC};Pwd=hunter2;",
        "postgresql://me:hunt@er2@server/x",
    ],
)
def test_a_password_typed_into_a_url_is_refused_and_not_repeated(tmp_path, url):
    path = tmp_path / "analysis.toml"
    path.write_text(
        'title = "x"\n[tables]\nareas = "a.csv"\ncatalogue = "c.csv"\n'
        f'indicators = {{ url = "{url}", table = "t" }}\n'
    )
    with pytest.raises(SettingsError) as caught:
        read_settings(path)
    assert "write ${NAME} in its place" in str(caught.value)
    assert "hunt" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["postgresql://me:${PW}@server/x", "postgresql://me@server:5432/x", "sqlite:///data.db", "${WHOLE}",
     "postgresql://${USER}:${PW}@${HOST}:${PORT}/x", "postgresql://server/x?password=${PW}",
     "mssql+pyodbc://me:${PW}@server/x?driver=ODBC+Driver+18+for+SQL+Server&TrustServerCertificate=yes",
     "mssql+pyodbc:///?odbc_connect=DRIVER={ODBC Driver 18 for SQL Server};SERVER=s;UID=me;PWD=${PW};"],
)  # fmt: skip
def test_a_url_without_a_secret_is_taken(url):
    assert TableSource(url=url, table="t").url == url


@pytest.mark.system
@pytest.mark.usefixtures("secret")
def test_a_pack_made_from_a_database_tells_no_secret_anywhere(filled, tmp_path, write_tiny):
    url = sqlalchemy.make_url(filled).set(password=PASSWORD)
    path = write_tiny()
    with connected(url) as connection:
        pd.read_csv(tmp_path / "indicators.csv").to_sql("tiny", connection, index=False)
    text = path.read_text().replace(
        'indicators = "indicators.csv"', f"indicators = {{ url = '{filled}', table = 'tiny' }}"
    )
    path.write_text(text)
    out = tmp_path / "pack"
    result = CliRunner().invoke(main, ["run", str(path), "--out", str(out), "--only", "tables"])
    assert result.exit_code == 0, result.output
    inputs = json.loads((out / "manifest.json").read_text())["inputs"]
    assert (inputs[0]["name"], inputs[0]["rows"]) == ("tiny", 6)
    words = [PASSWORD, "p%40ss", "127.0.0.1", "analyst"]
    everything = result.output.encode() + b"".join(
        file.read_bytes() for file in out.rglob("*") if file.is_file()
    )
    assert [word for word in words if word.encode() in everything] == []
