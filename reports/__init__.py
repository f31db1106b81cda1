"""Packs: tidy tables in; workbook, charts and page out. Knows no statistics and no inputs."""
