"""Readers: what a table of a known layout says, brought to the columns of ours."""

from variation.readers.fingertips import FINGERTIPS
from variation.readers.layout import Layout
from variation.readers.openprescribing import OPENPRESCRIBING
from variation.readers.qof import QOF
from variation.readers.tidy import TIDY
from variation.readers.wide import WIDE
from variation.table_source import Reader

READERS: dict[Reader, Layout] = {
    "tidy": TIDY,
    "wide": WIDE,
    "fingertips": FINGERTIPS,
    "openprescribing": OPENPRESCRIBING,
    "qof": QOF,
}
