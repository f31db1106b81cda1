"""Observed variation in three shares: chance, what the case mix explains, and the rest."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from benchmarks.intervals import non_negative

Floats = NDArray[np.float64]

# Areas beyond the number of covariates that the regression needs; below it nothing is credited to case mix.
SPARE_AREAS = 5


@dataclass(frozen=True, kw_only=True)
class VarianceShares:
    """Shares of the observed variance of O/E, and the case-mix model behind them.

    The three shares lie in [0, 1] and sum to 1; NaN only where there is nothing to split.
    """

    share_chance: float
    share_case_mix: float
    share_unwarranted: float
    variance_before: (
        float  # of the true ratios to age-sex expected, relative (0.04 is a standard deviation of 20 %)
    )
    variance_after: float  # of the true ratios to case-mix expected
    expected: Floats  # events, given the case mix; NaN for areas left out; sums to the observed
    coefficients: Floats  # log rate ratio per standard deviation of each covariate; NaN where not fitted
    adjusted: bool  # whether the regression could be fitted
    areas: int


def split(observed: ArrayLike, expected_base: ArrayLike, *covariates: ArrayLike) -> VarianceShares:
    """Split the observed variance of one indicator into chance, case mix and the rest.

    Parameters
    ----------
    observed
        Events of each area, shape ``(areas,)``; NaN where it did not report.
    expected_base
        Events expected from age and sex (or size) alone; only their proportions matter.
    covariates
        Each ``(areas,)`` or ``(areas, several)``, any unit: deprivation, rurality, prevalence. One without
        spread explains nothing.

    Returns
    -------
    VarianceShares
        An area with a missing input, or none expected, is left out and counted out. With fewer areas than
        covariates + 5, or where no fit is found, the case-mix share is 0, ``adjusted`` is False, and what is
        not chance is unexplained. All NaN below three areas or without any event.

    Raises
    ------
    ValueError
        If a count is negative, events were observed where none are expected, or lengths differ.

    Notes
    -----
    Poisson regression of O on the covariates with log expected as offset. Variances before and after by
    Breslow's moments (1984): V such that sum((O - mu)^2 / (mu + V mu^2)) equals the degrees of freedom, so a
    covariate of pure noise gains nothing on average. Chance is mean(1/E) / (mean(1/E) + V before); of the
    remainder case mix takes 1 - V after / V before, kept between 0 and 1. The rest holds whatever case mix
    was not measured: "unwarranted" is where the inquiry starts, not its result.

    >>> chance = split([52, 48, 61, 40, 75, 33, 58, 44, 49, 66], [50, 52, 49, 47, 55, 45, 51, 50, 48, 53])
    >>> round(chance.share_chance, 3), chance.share_case_mix, round(chance.share_unwarranted, 3)
    (0.516, 0.0, 0.484)
    """
    events, base = non_negative(observed, "observed"), non_negative(expected_base, "expected_base")
    features = _one_table(events, base, covariates)
    if (bad := (events > 0) & (base == 0)).any():
        position = int(np.argmax(bad))
        raise ValueError(
            f"expected no events where expected_base is 0, got {events[position]:g} at position {position}"
            f" ({int(bad.sum())} such rows)"
        )
    kept = ~np.isnan(events + base + features.sum(axis=1)) & (base > 0)
    if kept.sum() < 3 or not events[kept].sum() > 0:
        return _nothing_to_split(kept, features.shape[1])
    areas, number, count = int(kept.sum()), features.shape[1], events[kept]
    crude = base[kept] * count.sum() / base[kept].sum()
    before = after = _relative_variance(count, crude, areas - 1)
    fitted, coefficients = crude, np.full(number, np.nan)
    fit = _poisson_fit(count, crude, features[kept]) if 0 < number <= areas - SPARE_AREAS else None
    if fit is not None:
        fitted, coefficients, rank = fit
        after = _relative_variance(count, fitted, areas - rank)
    expected = np.full(events.shape, np.nan)
    expected[kept] = fitted
    chance, case_mix = _shares(float(np.mean(1 / crude)), before, after)
    return VarianceShares(
        share_chance=chance,
        share_case_mix=case_mix,
        share_unwarranted=max(0.0, 1 - chance - case_mix),
        variance_before=before,
        variance_after=after,
        expected=expected,
        coefficients=coefficients,
        adjusted=fit is not None,
        areas=areas,
    )


def _nothing_to_split(kept: NDArray[np.bool_], covariates: int) -> VarianceShares:
    return VarianceShares(
        share_chance=np.nan,
        share_case_mix=np.nan,
        share_unwarranted=np.nan,
        variance_before=np.nan,
        variance_after=np.nan,
        expected=np.full(kept.shape, np.nan),
        coefficients=np.full(covariates, np.nan),
        adjusted=False,
        areas=int(kept.sum()),
    )


def _shares(noise: float, before: float, after: float) -> tuple[float, float]:
    """Shares of chance and case mix in the observed variance ``noise + before``."""
    chance = noise / (noise + before)
    explained = 1 - after / before if before > 0 else 0.0
    return chance, (1 - chance) * min(1.0, max(0.0, explained))


def _one_table(events: Floats, base: Floats, covariates: tuple[ArrayLike, ...]) -> Floats:
    """Covariates side by side, ``(areas, number)``."""
    columns = [np.asarray(covariate, dtype=float) for covariate in covariates]
    shapes = [column.shape for column in (events, base, *columns)]
    if events.ndim != 1 or base.shape != events.shape or any(shape[:1] != events.shape for shape in shapes):
        raise ValueError(f"expected observed, expected and covariates of one length, got shapes {shapes}")
    return np.column_stack(columns) if columns else np.empty((len(events), 0))


def _relative_variance(count: Floats, expected: Floats, degrees_of_freedom: int) -> float:
    """Variance of the true ratios about ``expected``, by moments; 0 where chance alone makes the spread."""
    squares = (count - expected) ** 2

    def surplus(variance: float) -> float:
        return float(np.sum(squares / (expected + variance * expected**2)) - degrees_of_freedom)

    if surplus(0.0) <= 0:
        return 0.0
    # The sum falls below its value with expected squared alone beneath, so this end is past the root.
    largest = float(np.sum(squares / expected**2)) / degrees_of_freedom
    return float(brentq(surplus, 0.0, largest, xtol=1e-12))


def _poisson_fit(count: Floats, crude: Floats, features: Floats) -> tuple[Floats, Floats, int] | None:
    """Fitted events, log rate ratios per standard deviation, rank of the design; None without a fit."""
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import ModelWarning

    deviation = features.std(axis=0)
    standard = (features - features.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    design = np.column_stack([np.ones(len(count)), standard])
    with warnings.catch_warnings():
        # No residual, or covariates that repeat each other, are no fault here; failure is dealt with below.
        warnings.simplefilter("ignore", ModelWarning)
        model = GLM(count, design, family=Poisson(), exposure=crude).fit()
    if not model.converged:
        return None
    return np.asarray(model.mu), np.asarray(model.params)[1:], int(np.linalg.matrix_rank(design))
