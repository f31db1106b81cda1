"""The booklet: one page for each programme, indicator and locality, as a PDF to read, print and send."""

from reports.booklet.document import write_booklet

__all__ = ["write_booklet"]
