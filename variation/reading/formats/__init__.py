"""Formats of files and databases: each brought to parts, a frame of cells under headings with its lines."""
