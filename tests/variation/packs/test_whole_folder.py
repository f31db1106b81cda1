"""A folder appears whole or not at all, one run at a time, and nothing that is not a pack's own is replaced."""

import os
import threading

import pytest

from tests.assurance.folders import texts, write_files
from variation.errors import VariationError
from variation.packs.whole_folder import Place, check_there, exchange, replaced_folder, reserved

GOOD, NEW = {"index.html": "good", "tables/plan.csv": "1"}, {"index.html": "new"}


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "pack"
    write_files(folder, GOOD)
    return folder


def write_new(out, files=NEW):
    with replaced_folder(out) as folder:
        write_files(folder, files)


def test_a_folder_is_replaced_by_what_was_written_and_nothing_is_left_beside_it(out):
    write_new(out)
    assert texts(out) == NEW
    assert [path.name for path in out.parent.iterdir()] == ["pack"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError, MemoryError])
def test_whatever_ends_a_run_leaves_the_last_good_pack(out, error):
    def half():
        with replaced_folder(out) as folder:
            write_files(folder, {"index.html": "half"})
            raise error

    with pytest.raises(error):
        half()
    assert texts(out) == GOOD
    assert [path.name for path in out.parent.iterdir()] == ["pack"]


def test_a_run_that_fails_leaves_no_folder_where_there_was_none(tmp_path):
    with pytest.raises(RuntimeError), reserved(tmp_path / "new" / "deep" / "pack"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else_is_not_replaced(tmp_path):
    thesis = tmp_path / "thesis" / "chapter1.docx"
    thesis.parent.mkdir()
    thesis.write_text("years of work")
    with pytest.raises(VariationError, match="would be replaced"), reserved(thesis.parent):
        pass
    (thesis.parent / "manifest.json").write_text('{"name": "another program\'s"}')
    with pytest.raises(VariationError, match="something other than a pack"), reserved(thesis.parent):
        pass
    assert thesis.read_text() == "years of work"


def test_a_file_in_the_place_of_the_folder_is_not_replaced(tmp_path):
    (tmp_path / "pack").write_text("a file")
    with pytest.raises(VariationError, match="something other than a pack"), reserved(tmp_path / "pack"):
        pass
    assert (tmp_path / "pack").read_text() == "a file"


def test_a_file_that_somebody_laid_into_the_pack_is_not_lost(out):
    (out / "minutes.docx").write_text("of the board")
    with pytest.raises(VariationError, match=r"minutes\.docx, no part of the pack") as refused:
        write_new(out)
    assert "hint: move it" in str(refused.value)
    assert (out / "minutes.docx").read_text() == "of the board"
    assert (out / "index.html").read_text() == "good"


def test_a_file_laid_into_the_pack_during_the_run_is_not_lost_either(out):
    def with_a_file_laid_in():
        with replaced_folder(out) as folder:
            write_files(folder, NEW)
            (out / "minutes.docx").write_text("of the board")

    with pytest.raises(VariationError, match=r"minutes\.docx"):
        with_a_file_laid_in()
    assert (out / "minutes.docx").read_text() == "of the board"


def test_what_file_managers_leave_in_every_folder_does_not_stop_a_run(out):
    for name in ("Thumbs.db", ".DS_Store", "desktop.ini", "~$variation-pack.xlsx"):
        (out / name).write_text("")
    write_new(out)
    assert texts(out) == NEW


def test_edits_of_the_workbook_are_not_lost_and_may_be_carried_over(tmp_path):
    out = tmp_path / "pack"
    write_files(out, {"variation-pack.xlsx": "as written"})
    (out / "variation-pack.xlsx").write_text("with edits")
    with pytest.raises(VariationError, match="edits would be lost") as refused:
        write_new(out)
    assert "--assumptions" in str(refused.value)
    with (
        reserved(out, edited=out / "variation-pack.xlsx") as place,
        replaced_folder(place) as folder,
    ):
        write_files(folder, NEW)
    assert texts(out) == NEW


def test_an_empty_folder_may_become_a_pack(tmp_path):
    write_new(tmp_path)
    assert texts(tmp_path) == NEW


def test_the_folder_that_one_works_in_is_not_replaced(out, monkeypatch):
    monkeypatch.chdir(out / "tables")
    with pytest.raises(VariationError, match="the folder that you work in"):
        write_new(out)
    assert texts(out) == GOOD


def test_two_folders_change_places_in_one_step(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    if not exchange(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this system cannot exchange two folders in one step")
    assert (tmp_path / "one" / "file").read_text() == "other"
    assert (tmp_path / "other" / "file").read_text() == "one"
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "one", tmp_path / "none")


@pytest.mark.parametrize("written", ["whole", "half", "not begun"])
def test_a_run_broken_off_between_two_renames_is_put_right_by_the_next(out, written):
    """As a system that cannot exchange folders leaves it when it loses power at the worst moment."""
    place = Place(out=out)
    out.rename(place.previous)
    if written != "not begun":
        write_files(place.partial, NEW if written == "whole" else {"index": "half"})
    with pytest.raises(VariationError, match=r"its next run puts back .*previous"):
        check_there(out)
    with reserved(out):
        assert texts(out) == GOOD
    assert [path.name for path in out.parent.iterdir()] == ["pack"]


def test_what_a_killed_run_left_half_written_is_cleared_away(out):
    write_files(Place(out=out).partial, {"index.html": "half"})
    Place(out=out).lock.write_text("")
    write_new(out)
    assert texts(out) == NEW
    assert [path.name for path in out.parent.iterdir()] == ["pack"]


def test_what_a_killed_run_left_half_written_of_an_areas_pack_is_nobodys_file(out):
    write_files(Place(out=out / "areas" / "L01").partial, {"index.html": "half"})
    write_new(out)
    assert texts(out) == NEW


def test_two_runs_cannot_write_to_one_place_and_the_first_goes_on(out):
    told = []

    def second():
        try:
            write_new(out, {"index.html": "second"})
        except VariationError as error:
            told.append(str(error))

    with replaced_folder(out) as folder:
        write_files(folder, NEW)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert "another run is writing there" in told[0]
    assert texts(out) == NEW
    write_new(out, {"index.html": "third"})
    assert texts(out) == {"index.html": "third"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_stays_a_link_and_the_folder_it_leads_to_is_replaced(out):
    link = out.parent / "latest"
    link.symlink_to("pack")
    write_new(link)
    assert link.is_symlink()
    assert texts(out) == NEW
    assert sorted(path.name for path in out.parent.iterdir()) == ["latest", "pack"]


def test_a_name_that_is_too_long_is_said_in_words(tmp_path):
    with pytest.raises(VariationError, match="too long a name"), reserved(tmp_path / ("n" * 250)):
        pass
