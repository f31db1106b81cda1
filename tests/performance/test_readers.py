"""Large files are read in columns: a Fingertips download costs little more than a bare read by Arrow."""

from tests.performance.readers_bench import compared, write_fingertips
from variation.settings.table_source import TableSource

# The budget is 1.5 for a million rows; here is room for a small file and a busy machine.
SLACK = 4.0


def test_a_fingertips_download_takes_little_longer_than_a_bare_read(tmp_path):
    path = tmp_path / "download.csv"
    write_fingertips(path, 200_000)
    bare, ours = compared(path, TableSource(file=path.name, reader="fingertips"), 5)
    assert ours / bare < SLACK
