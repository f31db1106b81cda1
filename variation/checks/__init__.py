"""Checks of what was read: of the tables here, of the figures that they give in `figures`."""
