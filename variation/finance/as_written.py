"""Settings of the finance chain in the form that the workbook's live sheets take."""

from reports.finance import General, WhatIf
from variation.settings.finance import FinanceSettings


def general_of(settings: FinanceSettings) -> General:
    """Return the assumptions that hold for everything as the sheets take them."""
    return General(**{name: getattr(settings, name) for name in General.__dataclass_fields__})


def what_if_of(settings: FinanceSettings) -> WhatIf:
    """Return what the sheets of sensitivity try as they take it."""
    tried = settings.what_if
    ends = ("delivery", "sign_off", "marginal", "reinvestment", "cap", "phasing")
    return WhatIf(
        rates=tried.marginal_rates,
        point_of_delivery=tried.point_of_delivery,
        ranges={name: getattr(tried, name) for name in ends},
    )
