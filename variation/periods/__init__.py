"""Periods: how they are written, their order in time, and periods made of others."""

from variation.periods.in_time import in_time, order_in_time
from variation.periods.period import EITHER, MONTH, UNREAD, Period, parse_period, period_end, read_periods

__all__ = [
    "EITHER", "MONTH", "UNREAD", "Period", "in_time", "order_in_time", "parse_period", "period_end", "read_periods",
]  # fmt: skip
