"""Codes and environments as an enemy or an accident may make them: outputs stay inside OUT, secrets stay unsaid."""

import json
import sqlite3

import pandas as pd
import pytest

from tests.assurance.small import hashes, run, write_small
from variation.packs.verify import verify_pack

LONG = "long" * 75
CODES = {"L02": "../../escape", "L05": "l01"}
INDICATORS = {"copd_admissions": "CON", "alcohol_admissions": LONG, "talking_therapies": "a. "}
DEVICES = {"con", "prn", "aux", "nul"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """The small analysis with codes that are paths, devices, too long, or differ in case only."""
    folder = tmp_path_factory.mktemp("hostile") / "a" / "b" / "analysis"
    path = write_small(folder)
    for name in ("areas", "indicators", "catalogue", "assumptions"):
        table = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        for column, codes in (("area", CODES), ("parent", CODES), ("indicator", INDICATORS)):
            if column in table:
                table[column] = table[column].replace(codes)
        table.to_csv(folder / f"{name}.csv", index=False)
    return path


def test_no_code_leads_out_of_the_pack_or_to_a_name_that_some_system_refuses(settings):
    top = settings.parents[3]
    before = hashes(top)
    out = settings.parent / "pack"
    done = run("run", settings, "--out", out, "--workers", 1, "--only", "charts,tables")
    assert done.returncode == 0, done.stderr
    after = hashes(top)
    assert {
        name: digest for name, digest in after.items() if not name.startswith("a/b/analysis/pack/")
    } == before
    names = [path.relative_to(out) for path in out.rglob("*")]
    assert len({str(name).casefold() for name in names}) == len(names)
    for name in names:
        assert len(str(name)) < 100
        assert name.stem.casefold() not in DEVICES
        assert name.name.rstrip(". ") == name.name
        assert name.name.isascii()
    spines = [name for name in names if name.match("charts/spine-*.svg")]
    assert len(spines) == 3
    assert verify_pack(out)[1] == []


@pytest.fixture
def from_database(tmp_path):
    """The small analysis with its plan in a database, and a function that runs it with a secret."""
    path = write_small(tmp_path / "analysis")
    text = path.read_text(encoding="utf-8")

    def with_plan(lines):
        path.write_text(
            text.replace('plan = "plan.csv"\n', "") + f"\n[tables.plan]\n{lines}\n", encoding="utf-8"
        )
        return path

    return with_plan


SECRET = "hunter2-Pä$$w/rd"


@pytest.mark.parametrize(
    "lines",
    [
        'url = "postgresql+psycopg://me:${SECRET}@localhost:1/nhs"\nquery = "select 1"',
        'url = "postgresql+psycopg://localhost:1/nhs?password=${SECRET}"\nquery = "select 1"',
        'url = "sqlite:///${SECRET}.sqlite"\ntable = "plan"',
        'url = "${SECRET}"\ntable = "plan"',
        'url = "nosuch+${SECRET}://h/db"\nquery = "select 1"',
        'url = "postgresql+psycopg://${SECRET}/db"\nquery = "select 1"',
        f'file = "postgresql://me:{SECRET}@host/db"',
        f'url = "postgresql://me:{SECRET}@host/db"\nquery = "select 1"',
        f'ulr = "postgresql://me:{SECRET}@host/db"',
        f'url = ["postgresql://me:{SECRET}@host/db"]\nquery = "select 1"',
    ],
)
def test_a_secret_is_in_no_message_of_a_database_that_cannot_be_read(from_database, lines):
    from click.testing import CliRunner

    from variation.cli.main import main

    path = from_database(lines)
    for arguments in (["check", str(path)], ["check", str(path), "--json"], ["run", str(path), "--json"]):
        shown = CliRunner(env={"SECRET": SECRET}).invoke(main, arguments)
        assert shown.exit_code == 1
        assert shown.output
        assert "hunter2" not in shown.output + shown.stderr
        assert "w/rd" not in shown.output + shown.stderr


def test_a_secret_and_the_environment_are_in_no_file_of_a_pack(from_database, tmp_path):
    path = from_database('url = "sqlite:///${SECRET}.sqlite"\ntable = "plan"')
    secret = "hunter2-secret-store"
    with sqlite3.connect(path.parent / f"{secret}.sqlite") as database:
        pd.read_csv(path.parent / "plan.csv").to_sql("plan", database, index=False)
    database.close()
    out = tmp_path / "pack"
    done = run(
        "run", path, "--out", out, "--workers", 1, env={"SECRET": secret, "OTHER_TOKEN": "never-to-be-told"}
    )
    assert done.returncode == 0, done.stderr
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    private = [secret, "never-to-be-told", str(tmp_path)]
    for said in (done.stdout.replace(str(out), ""), done.stderr):
        assert not any(word in said for word in private)
    for file in (path for path in out.rglob("*") if path.is_file()):
        for content in (file.read_bytes(), *members(file)):
            assert not any(word.encode() in content for word in private), file.name


def members(file):
    """What is in a workbook, unpacked."""
    from zipfile import ZipFile

    if file.suffix != ".xlsx":
        return []
    with ZipFile(file) as archive:
        return [archive.read(name) for name in archive.namelist()]
