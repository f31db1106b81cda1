"""Reading: files, workbooks, databases and what publishers give, brought to the declared input tables."""
