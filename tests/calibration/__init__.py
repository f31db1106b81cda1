"""What the methods claim, measured on simulated systems whose truth is known: ``python -m tests.calibration``."""
