"""Empty input tables to be filled in: their columns explained, as CSV and as a workbook."""
