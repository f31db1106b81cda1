"""The speed suite: ``python -m tests.performance`` measures, ``test_ratios.py`` keeps the ratios."""
