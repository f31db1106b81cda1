"""Which counts are too small to show, and what may be known of each: the first step of disclosure control."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from variation.disclosure.ranges import NO_LIMIT, Flags, Floats, Ranges
from variation.policies import Policy

# Kinds of indicator whose numerator counts events or people; the others' is money, days or another amount.
COUNTED = ("proportion", "rate", "ratio")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Counts that are published together, matrices of (rows, areas): a row is one count in one period.

    ``small`` must not be told; ``may_be`` is the range that has to stay possible for those. ``open`` is what
    is known of a count that is withheld, ``shown`` of one that is not. ``usable`` are those that can protect
    others by being withheld as well: not 0 and not everyone, which are always shown.
    """

    number: Floats
    published: Floats  # as it is shown where it is: rounded, where the policy rounds
    there: Flags
    small: Flags
    usable: Flags
    may_be: Ranges
    open: Ranges
    shown: Ranges

    def rows(self, chosen: NDArray[np.int64]) -> "Counts":
        """Return some of the rows."""
        return Counts(
            number=self.number[chosen],
            published=self.published[chosen],
            there=self.there[chosen],
            small=self.small[chosen],
            usable=self.usable[chosen],
            may_be=self.may_be.rows(chosen),
            open=self.open.rows(chosen),
            shown=self.shown.rows(chosen),
        )

    def known(self, withheld: Flags) -> Ranges:
        """Range that stands in the pack for each cell; 0 to 0 where there is no figure."""
        lower, upper = (
            np.where(self.there, np.where(withheld, hidden, shown), 0.0)
            for hidden, shown in (
                (self.open.lower, self.shown.lower),
                (self.open.upper, self.shown.upper),
            )
        )
        return Ranges(lower=lower, upper=upper)


def stacked(one: Counts, other: Counts) -> Counts:
    """Put the rows of two together."""

    def joined(first: Ranges, second: Ranges) -> Ranges:
        return Ranges(
            lower=np.concatenate([first.lower, second.lower]),
            upper=np.concatenate([first.upper, second.upper]),
        )

    return Counts(
        number=np.concatenate([one.number, other.number]),
        published=np.concatenate([one.published, other.published]),
        there=np.concatenate([one.there, other.there]),
        small=np.concatenate([one.small, other.small]),
        usable=np.concatenate([one.usable, other.usable]),
        may_be=joined(one.may_be, other.may_be),
        open=joined(one.open, other.open),
        shown=joined(one.shown, other.shown),
    )


def counts_of_events(
    number: Floats, everyone: Floats, policy: Policy, *, rounded: Flags, exact: Flags
) -> Counts:
    """Judge counts of people or events.

    Parameters
    ----------
    number
        Counts, shape (rows, areas); NaN where there is none.
    everyone
        What the count is a part of: it is then as telling to know who is left over. NaN where it is part of
        nothing (events per person).
    policy
        What is too small, and how shown counts are rounded.
    rounded
        Shape (rows, 1): whether shown counts of the row are rounded.
    exact
        Shape (rows, 1): reckon as if shown counts were not rounded, where other rows may tell them.
    """
    there = ~np.isnan(number)
    count, whole = np.where(there, number, 0.0), np.where(np.isnan(everyone), NO_LIMIT, everyone)
    over = whole - count
    tiny = there & (count > 0) & (count < policy.largest + 1)
    nearly = there & (count > 0) & (over > 0) & (over < policy.largest + 1)
    # A part of a count need not be whole (items of 7.5): then it can be as small as one likes.
    least = np.where((count == np.round(count)).all(axis=1, keepdims=True), 1.0, 0.0)
    # What is withheld is not everyone: everyone is shown, but where they are too few.
    most = np.where(over == 0, whole, whole - least)
    published = rounded_counts(count, whole, policy, rounded)
    width = np.where(rounded & ~exact & (count > 0) & (over > 0), (policy.rounding - 1) // 2, 0.0)
    centre = np.where(width > 0, published, count)
    shown = Ranges(
        lower=np.where(width > 0, np.maximum(centre - width, policy.largest + 1), centre),
        upper=np.where(width > 0, np.minimum(centre + width, whole - policy.largest - 1), centre),
    )
    # One beyond the largest must stay possible too: else it would tell something that another cell had to be
    # withheld, to a reader who knows when that is.
    beyond = policy.largest + 1
    lower = np.where(tiny, least, np.where(nearly, whole - beyond, 0.0))
    upper = np.where(nearly, whole - least, np.where(tiny, float(beyond), 0.0))
    return Counts(
        number=count,
        published=published,
        there=there,
        small=tiny | nearly,
        usable=there & (count > 0) & (over > 0),
        may_be=Ranges(lower=np.maximum(lower, least), upper=np.minimum(upper, most)),
        open=Ranges(lower=np.broadcast_to(least, count.shape), upper=most),
        shown=shown,
    )


def rounded_counts(count: Floats, whole: Floats, policy: Policy, rounded: Flags) -> Floats:
    """Round to the policy's nearest; everyone stays everyone.

    >>> from variation.policies import POLICIES
    >>> count, five = np.array([[0.0, 8, 12, 13, 98]]), POLICIES["hes_2018"]
    >>> rounded_counts(count, np.full((1, 5), 98.0), five, np.array([[True]]))
    array([[ 0., 10., 10., 15., 98.]])
    """
    if not policy.rounding:
        return count.copy()
    nearest = policy.rounding * np.floor(count / policy.rounding + 0.5)
    return np.where(rounded & (count < whole), nearest, count)


def amounts(number: Floats, few: Flags) -> Counts:
    """Judge amounts (£, days): those of ``few`` people are withheld, and kept open from nothing to twice as much."""
    there = ~np.isnan(number)
    amount = np.where(there, number, 0.0)
    small = there & few & (amount != 0)
    least = np.where((amount < 0).any(axis=1, keepdims=True), -NO_LIMIT, 0.0)
    ends = np.where(small, 2 * amount, 0.0)
    return Counts(
        number=amount,
        published=amount,
        there=there,
        small=small,
        usable=there & (amount != 0),
        may_be=Ranges(lower=np.minimum(ends, 0.0), upper=np.maximum(ends, 0.0)),
        open=Ranges(lower=np.broadcast_to(least, amount.shape), upper=np.full(amount.shape, NO_LIMIT)),
        shown=Ranges(lower=amount, upper=amount),
    )
