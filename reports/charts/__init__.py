"""Charts: a module for each kind, what they share around and inside their axes, and the set that a pack draws."""
