"""Figures as they are compared: their periods, strata of age and sex, values and limits."""
