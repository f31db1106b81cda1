"""The settings of the finance chain: prices, contracts and phasing, and what is assumed where nothing is given."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from variation.settings.section import Section

Share = Annotated[float, Field(ge=0, le=1)]


class Delivery(Section):
    """What stops being paid, and what stops being spent, when one kind of activity stops."""

    name: str = Field(description="what the point of delivery is called")
    price: float | None = Field(
        None, ge=0, description="£ of one unit, for reference; none where prices differ"
    )
    marginal_rate: Share = Field(1.0, description="share of the price that is paid at the margin")
    contract: Share = Field(
        1.0, description="share of the activity paid for by activity; 0 is a block contract"
    )
    variable_cost: Share = Field(0.5, description="share of the price that the system stops spending")
    source: str = Field("", description="where the price and the rates are from")


REFERENCE_COSTS = "Reference costs 2016/17"
CONVENTION = "convention, to be replaced by the local contract"
# Prices: reference costs 2016/17. Marginal rates: the tariff's rule for emergencies above the baseline, 70 % from
# 2015; full price elsewhere. Variable costs and contracts: conventions.
DELIVERY = {
    "non_elective": Delivery(
        name="Non-elective spell",
        price=1590,
        marginal_rate=0.7,
        variable_cost=0.4,
        source=f"{REFERENCE_COSTS}; marginal rate for emergencies 2015/16 to 2016/17; variable cost: {CONVENTION}",
    ),
    "excess_bed_day": Delivery(
        name="Excess bed day",
        price=313,
        variable_cost=0.5,
        source=f"{REFERENCE_COSTS}; variable cost: {CONVENTION}",
    ),
    "elective": Delivery(
        name="Elective spell",
        price=3684,
        variable_cost=0.4,
        source=f"{REFERENCE_COSTS}; variable cost: {CONVENTION}",
    ),
    "day_case": Delivery(
        name="Day case",
        price=738,
        variable_cost=0.4,
        source=f"{REFERENCE_COSTS}; variable cost: {CONVENTION}",
    ),
    "outpatient": Delivery(
        name="Outpatient attendance",
        price=120,
        variable_cost=0.4,
        source=f"{REFERENCE_COSTS}; variable cost: {CONVENTION}",
    ),
    "emergency_department": Delivery(
        name="A&E attendance",
        price=148,
        variable_cost=0.3,
        source=f"{REFERENCE_COSTS}; variable cost: {CONVENTION}",
    ),
    "prescribing": Delivery(
        name="Prescribing", variable_cost=1.0, source="Paid item by item: all of the price is saved"
    ),
    "mental_health": Delivery(
        name="Mental health contract",
        contract=0,
        variable_cost=0.3,
        source=f"Block contract; variable cost: {CONVENTION}",
    ),
    "community": Delivery(
        name="Community contract",
        contract=0,
        variable_cost=0.3,
        source=f"Block contract; variable cost: {CONVENTION}",
    ),
    "other": Delivery(name="Other", source=CONVENTION),
}
# Share of a full year's saving reached in the first, second ... fifth year; conventions.
PHASING = {
    "quick": (0.5, 0.9, 1.0, 1.0, 1.0),
    "standard": (0.25, 0.6, 0.9, 1.0, 1.0),
    "slow": (0.1, 0.3, 0.6, 0.85, 1.0),
}


def _with_usual_delivery(given: object) -> object:
    """Add what is given to the usual points of delivery, key by key."""
    if not isinstance(given, dict):
        return given
    usual = {name: delivery.model_dump() for name, delivery in DELIVERY.items()}
    merged = {
        name: usual.get(name, {"name": name.replace("_", " ").capitalize()}) | own
        if isinstance(own, dict)
        else own
        for name, own in given.items()
    }
    return usual | merged


def _with_usual_phasing(given: object) -> object:
    return PHASING | given if isinstance(given, dict) else given


Range = tuple[Share, Share]


class WhatIf(Section):
    """What the workbook's sheets of sensitivity try; no other figure follows from it. Ranges: low end, high end."""

    marginal_rates: tuple[Share, Share, Share, Share] = Field(
        # The tariff's for emergencies from 2010, half, its from 2015, full price.
        (0.3, 0.5, 0.7, 1.0),
        description="marginal rates tried for one point of delivery",
    )
    point_of_delivery: str = Field(
        "non_elective", description="key of the point of delivery whose marginal rate is varied"
    )
    delivery: Range = Field((0.4, 1.0), description="share delivered of every scheme")
    sign_off: Range = Field((0.5, 1.0), description="clinical sign-off of every line")
    marginal: Range = Field((0.3, 1.0), description="marginal rate of that point of delivery")
    reinvestment: Range = Field((0.4, 0.05), description="recurrent reinvestment")
    cap: Range = Field((0.02, 1.0), description="cap on overlap groups")
    phasing: tuple[str, str] = Field(("slow", "quick"), description="phasing of every scheme")


class FinanceSettings(Section):
    """How an opportunity becomes money in a budget: what is assumed where a scheme says nothing else."""

    rule: Literal["credible", "rightcare", "gross"] = Field(
        "credible", description="rule by which a gap counts as a saving"
    )
    comparator: Literal["peer_mean", "best_5"] = Field(
        "peer_mean", description="what areas are held against; the RightCare rule is always against best_5"
    )
    overlap_cap: Share = Field(
        0.2, description="share of what an overlap group costs, above which no saving is claimed (convention)"
    )
    addressable: Share = Field(
        0.75, description="share that clinicians have signed off, where a scheme does not say (convention)"
    )
    deliverable: Share = Field(
        0.7, description="share expected to be delivered, where a scheme does not say (convention)"
    )
    reinvestment: Share = Field(
        0.15, description="share of each year's saving that is spent again on other care (convention)"
    )
    one_off: Share = Field(0.1, description="one-off cost, as a share of a full year's saving (convention)")
    discount_rate: Share = Field(0.035, description="a year, for present values (Green Book)")
    plan_year: int = Field(4, ge=0, le=4, description="year of the savings that stands against the plan")
    plan_line_shown: str = Field(
        "", description="line of the plan that summaries look at; that with most identified where not given"
    )
    start_year: int = Field(0, ge=0, le=4, description="year in which schemes start")
    months: float = Field(
        12.0, ge=0, le=12, description="months in effect in the year in which a scheme starts"
    )
    profile: str = Field("standard", description="name of the usual phasing")
    what_if: WhatIf = WhatIf()
    delivery: Annotated[dict[str, Delivery], BeforeValidator(_with_usual_delivery)] = Field(
        DELIVERY, description="points of delivery by their key"
    )
    phasing: Annotated[
        dict[str, tuple[Share, Share, Share, Share, Share]], BeforeValidator(_with_usual_phasing)
    ] = Field(PHASING, description="name = share of a full year's saving in years 0 to 4 of a scheme")
