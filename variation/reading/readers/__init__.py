"""Readers: what a table of a known layout says, brought to the columns of ours."""

from variation.reading.readers.fingertips import FINGERTIPS
from variation.reading.readers.layout import Layout
from variation.reading.readers.openprescribing import OPENPRESCRIBING
from variation.reading.readers.qof import QOF
from variation.reading.readers.tidy import TIDY
from variation.reading.readers.wide import WIDE
from variation.settings.table_source import Reader

READERS: dict[Reader, Layout] = {
    "tidy": TIDY,
    "wide": WIDE,
    "fingertips": FINGERTIPS,
    "openprescribing": OPENPRESCRIBING,
    "qof": QOF,
}
