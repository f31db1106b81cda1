"""What the tests of assurance must not load."""

collect_ignore = ["no_network"]  # it closes every way to a network for the process that loads it
