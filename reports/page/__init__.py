"""The page of a pack: one self-contained file that opens from a file share, with no network."""

from reports.page.document import write_page

__all__ = ["write_page"]
