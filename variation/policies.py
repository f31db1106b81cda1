"""Disclosure policies as data: which counts are withheld, which are rounded, and what a pack is marked with."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What may be read from a pack about the people counted in it.

    A count of 1 to ``largest`` is withheld, and so is one that leaves 1 to ``largest`` of its denominator
    over; 0 and "everyone" are shown. ``largest`` 0 withholds nothing.
    """

    name: str
    summary: str  # for the settings sheet and the documentation
    largest: int  # people, events
    rounding: int = 0  # shown counts are rounded to the nearest so many; 0 for none
    secondary: bool = True  # withhold what would give a withheld count back
    banner: str = ""

    @property
    def hides(self) -> bool:
        """Whether anything is withheld."""
        return self.largest > 0


POLICIES = {
    policy.name: policy
    for policy in (
        Policy(
            name="hes_2018",
            summary="counts of 1 to 7 withheld, 8 and over rounded to the nearest 5 (Hospital Episode Statistics)",
            largest=7,
            rounding=5,
        ),
        Policy(name="under_5", summary="counts of 1 to 4 withheld", largest=4),
        Policy(name="up_to_5_secondary", summary="counts of 1 to 5 withheld", largest=5),
        Policy(
            name="internal",
            summary="nothing withheld; everything marked OFFICIAL-SENSITIVE",
            largest=0,
            banner="OFFICIAL-SENSITIVE",
        ),
    )
}
