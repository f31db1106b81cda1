"""What an analyst drives: read the data, check it, compare, size the opportunity, write the pack."""
