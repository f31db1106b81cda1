"""Figures as they are compared: the panel of their counts, strata of age and sex, values and limits."""
