"""Guessing how given files are to be read: a first look, what their columns hold, which table each is."""
