"""Methods: arrays in, arrays out. What good looks like, and how far from it is chance. Knows no files."""
