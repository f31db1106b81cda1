"""Every command as a user runs it: what it prints, its exit code, and no traceback for what a user can mend."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from variation.cli.main import main
from variation.cli.options import OUTPUTS
from variation.settings import Output
from variation.version import VERSION

README = Path(__file__).parents[3] / "README.md"


def invoke(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def settings(example_folder):
    return example_folder / "analysis.toml"


def test_every_command_is_in_the_readme_and_its_help_ends_with_an_example():
    readme = README.read_text(encoding="utf-8")
    for name in main.commands:
        assert f"variation {name}" in readme, name
        shown = invoke(name, "--help")
        assert shown.exit_code == 0
        assert (
            f"variation {name}" in shown.output.split("Options:")[0].split("Usage:")[1].split("\n", 1)[1]
        ), name


def test_the_outputs_that_can_be_asked_for_are_those_of_the_settings():
    assert get_args(Output) == OUTPUTS


def test_every_command_of_the_readme_exists():
    named = set(re.findall(r"`variation ([a-z]+)", README.read_text(encoding="utf-8")))
    assert named == set(main.commands)


@pytest.mark.parametrize(
    ("code", "most"),
    [
        # click and what it needs of the standard library; a heavy library alone brings hundreds.
        ("from variation.cli.main import main; main(['--help'], standalone_mode=False)", 160),
        ("import variation", 90),
    ],
)
def test_help_and_the_import_load_few_modules_and_none_of_the_heavy_libraries(code, most):
    heavy = ("pandas", "numpy", "scipy", "matplotlib", "pyarrow", "pydantic", "rich", "openpyxl", "pyspark")
    count = f"import sys; {code}; print(len(sys.modules), [m for m in {heavy!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=True)
    number, loaded = shown.stdout.splitlines()[-1].split(" ", 1)
    assert loaded == "[]"
    assert int(number) < most


def test_the_module_runs_as_a_program():
    shown = subprocess.run(
        [sys.executable, "-m", "variation", "--version"], capture_output=True, text=True, check=True
    )
    assert VERSION in shown.stdout


def test_example_writes_files_that_check_without_warnings(tmp_path):
    assert invoke("example", tmp_path / "new").exit_code == 0
    checked = invoke("check", tmp_path / "new" / "analysis.toml")
    assert checked.exit_code == 0
    assert "96 indicators, 115 areas" in checked.output
    assert "warning" not in checked.output


def test_example_writes_nothing_over(tmp_path):
    (tmp_path / "areas.csv").write_text("edited", encoding="utf-8")
    shown = invoke("example", tmp_path)
    assert shown.exit_code == 1
    assert "areas.csv is there already" in shown.output
    assert [path.name for path in tmp_path.iterdir()] == ["areas.csv"]
    assert (tmp_path / "areas.csv").read_text(encoding="utf-8") == "edited"


def test_check_lists_what_was_found_as_json(settings):
    findings = json.loads(invoke("check", settings, "--json").stdout)
    assert [finding["code"] for finding in findings] == ["small_denominator", "far_from_all"]
    assert all(finding["row"] > 1 for finding in findings)
    assert set(findings[0]) == {
        "severity",
        "code",
        "table",
        "sheet",
        "row",
        "column",
        "value",
        "message",
        "hint",
    }


def test_peers_names_the_ten_and_how_good_the_group_is(settings, example_analysis):
    shown = invoke("peers", settings, "SYN001")
    for peer in example_analysis.peers.query("area == 'SYN001'")["peer"]:
        assert peer in shown.output
    assert "stay with equal weights" in " ".join(shown.output.split()).replace("its peers stay", "stay")


def test_opportunity_prints_the_same_figures_in_every_form(settings, example_analysis):
    rows = json.loads(invoke("opportunity", settings, "--json").stdout)
    top = example_analysis.opportunity.query(
        "area == 'DOR' and mode == 'rightcare' and comparator == 'best_5' and value_gbp.notna()"
    )
    assert rows[0]["rightcare_best_5"] == pytest.approx(top["value_gbp"].max())
    table = invoke("opportunity", settings).output
    assert rows[0]["name"] in table
    assert "Investment needs" in table
    assert invoke("opportunity", settings, "--csv").output.startswith("indicator,name,direction")


def test_methods_lists_them_all_and_tells_one_in_full():
    assert "Wilson interval" in invoke("methods").output
    assert "Fractions in [0, 1]" in invoke("methods", "wilson").output
    unknown = invoke("methods", "guesswork")
    assert unknown.exit_code == 1
    assert "hint" in unknown.output


@pytest.mark.parametrize("command", ["check", "run", "peers", "opportunity"])
def test_settings_that_are_not_there_are_an_error_in_words(tmp_path, command):
    shown = invoke(command, tmp_path / "nowhere.toml")
    assert shown.exit_code == 1
    assert "no such file" in shown.output
    assert "Traceback" not in shown.output


@pytest.mark.parametrize("command", ["peers", "opportunity"])
def test_an_area_that_is_not_there_is_an_error_in_words(settings, command):
    arguments = (
        ["peers", settings, "NOWHERE"] if command == "peers" else [command, settings, "--area", "NOWHERE"]
    )
    shown = invoke(*arguments)
    assert shown.exit_code == 1
    assert "NOWHERE: no such area" in shown.output


def test_a_wrong_option_is_wrong_usage(settings):
    assert invoke("run", settings, "--only", "slides").exit_code == 2
    assert invoke("run", settings, "--colour").exit_code == 2


def test_an_error_in_the_data_stops_the_run_before_anything_is_written(example_folder, tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    for path in example_folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    text = (folder / "areas.csv").read_text(encoding="utf-8")
    (folder / "areas.csv").write_text(text.replace("SYN010", "SYN009", 1), encoding="utf-8")
    shown = invoke("run", folder / "analysis.toml", "--out", tmp_path / "pack")
    assert shown.exit_code == 1
    assert "a second row for the same area" in shown.output
    assert "nothing was written" in shown.output
    assert not (tmp_path / "pack").exists()


def test_run_withholds_small_counts_unless_internal_is_asked_for(write_tiny, tmp_path):
    settings = write_tiny()
    banners = {}
    for name, arguments in {"usual": [], "asked": ["--policy", "internal"]}.items():
        done = invoke("run", settings, "--out", tmp_path / name, "--only", "tables", "--quiet", *arguments)
        assert done.exit_code == 0, done.output
        manifest = json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8"))
        banners[manifest["settings"]["policy"]] = manifest["banner"]
    assert banners == {"hes_2018": "", "internal": "OFFICIAL-SENSITIVE"}


def test_an_unknown_policy_is_named_with_those_that_there_are(settings):
    shown = invoke("run", settings, "--policy", "none")
    assert shown.exit_code == 2
    assert "hes_2018" in shown.output
