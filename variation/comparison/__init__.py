"""Comparing: peers, what is better or worse than they, what becomes of figures over time, inequality."""
