"""Comparing: peers, what becomes of figures over time, what case mix explains, inequality."""
