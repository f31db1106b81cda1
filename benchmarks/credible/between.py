"""How much areas truly differ: what the counts say of the relative variance V between all areas of a kind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.credible.models import Model, fit_shift, homogeneity_p_value, known_areas, model_of

Floats = NDArray[np.float64]

# Standard deviations between areas, as fractions of the mean; V is their square.
SMALLEST_SD, LARGEST_SD = 0.001, 0.8
# Each grid after the first lies where the one before has weight, so that 10 areas and 6,500 are both resolved.
GRID_POINTS, GRIDS, WEIGHT_KEPT = 32, 3, 1e-6
# Areas x points of the grid worked on at once: half a megabyte of each array.
CELLS_AT_ONCE = 64_000


@dataclass(frozen=True, kw_only=True)
class Prior:
    """What is held of the standard deviation between areas before the data; the defaults are a convention.

    Chosen so that intervals cover and chance claims little: docs/calibration.md shows what others do.

    Parameters
    ----------
    scale
        Of the half-normal tail of sd, a fraction of the mean: few indicators differ by more than twice a quarter.
    power
        The density near 0 rises as sd ** power: 1 is flat in V (boundary-avoiding), 0 the plain half-normal.
    identical_share, identical_power
        Probability that areas do not differ at all = share x p ** power, p from the test of V = 0. With 1 and 1, V
        has its confidence distribution, the share 0 gives the plain posterior.
    """

    scale: float = 0.25
    power: float = 1.0
    identical_share: float = 0.7
    identical_power: float = 1.25


PRIOR = Prior()


@dataclass(frozen=True, kw_only=True)
class BetweenAreas:
    """Posterior of V, and of the mean at each V.

    ``sd``, ``weight``, ``shift`` and ``shift_error`` have shape (..., grid); the weights sum to 1.
    ``identical`` (...) is the probability that there is no variation at all; the weights share out the rest.
    """

    sd: Floats
    weight: Floats
    shift: Floats
    shift_error: Floats
    identical: Floats

    @property
    def mean_variance(self) -> Floats:
        """Posterior mean of V."""
        return (1 - self.identical) * (self.weight * self.sd**2).sum(-1)


def _log_posterior(model: Model, sd: Floats, prior: Prior) -> tuple[Floats, Floats, Floats]:
    """Log density over log sd, the mean integrated out (Laplace); with the mean and its standard error."""
    # Some points of the grid at a time: each stands by itself, and what is worked on stays in a core's cache.
    step = max(1, CELLS_AT_ONCE // max(model.observed.size, 1))
    parts = [
        _log_posterior_at(model, sd[..., start : start + step], prior)
        for start in range(0, sd.shape[-1], step)
    ]
    density, shift, error = (np.concatenate(part, axis=-1) for part in zip(*parts, strict=True))
    return density, shift, error


def _log_posterior_at(model: Model, sd: Floats, prior: Prior) -> tuple[Floats, Floats, Floats]:
    variance = sd[..., None] ** 2
    shift, information = fit_shift(model, variance)
    likelihood = model.log_likelihood(variance, shift) - 0.5 * np.log(information[..., 0])
    # One power more: the density is over log sd.
    log_prior = (prior.power + 1) * np.log(sd) - 0.5 * (sd / prior.scale) ** 2
    return likelihood + log_prior, shift[..., 0], 1 / np.sqrt(information[..., 0])


def _where_it_matters(log_sd: Floats, density: Floats) -> Floats:
    """Return a finer grid over the stretch that has weight, one step wider at each end."""
    matters = density > WEIGHT_KEPT * density.max(-1, keepdims=True)
    points = log_sd.shape[-1]
    first = np.maximum(np.argmax(matters, -1) - 1, 0)[..., None]
    last = np.minimum(points - np.argmax(matters[..., ::-1], -1), points - 1)[..., None]
    low, high = (np.take_along_axis(log_sd, place, -1)[..., 0] for place in (first, last))
    return np.linspace(low, high, GRID_POINTS, axis=-1)


def fit_between_areas(model: Model, prior: Prior = PRIOR) -> BetweenAreas:
    """Posterior of V for a model, whose arrays may have leading axes."""
    leading = model.observed.shape[:-1]
    log_sd = np.broadcast_to(
        np.linspace(np.log(SMALLEST_SD), np.log(LARGEST_SD), GRID_POINTS), (*leading, GRID_POINTS)
    )
    for grid in range(GRIDS):
        log_density, shift, error = _log_posterior(model, np.exp(log_sd), prior)
        density = np.exp(log_density - log_density.max(-1, keepdims=True))
        if grid < GRIDS - 1:
            log_sd = _where_it_matters(log_sd, density)
    density[..., [0, -1]] /= 2  # the trapezium rule
    return BetweenAreas(
        sd=np.exp(log_sd),
        weight=density / density.sum(-1, keepdims=True),
        shift=shift,
        shift_error=error,
        identical=prior.identical_share * homogeneity_p_value(model) ** prior.identical_power,
    )


def between_areas(
    observed: ArrayLike, expected: ArrayLike, *, denominator: ArrayLike | None = None, prior: Prior = PRIOR
) -> BetweenAreas:
    """Posterior of the relative variance V between areas.

    Parameters
    ----------
    observed, expected
        Events of each area and what it would have at the overall level, shape (areas,). Areas with NaN or nothing
        to expect are left out.
    denominator
        People of each area, for a proportion (beta-binomial); None for counts (Poisson-gamma).
    prior
        See ``Prior``.

    Returns
    -------
    BetweenAreas
        On a grid of sd = sqrt(V), a fraction of the mean.

    Raises
    ------
    ValueError
        For a negative count, or a count above its denominator.

    Notes
    -----
    The likelihood is negative binomial (beta-binomial) with the common mean integrated out. A maximum
    likelihood value plugged in would make intervals far too short. Flat in V near 0: Chung and others (2013).

    >>> between_areas([52, 48, 61, 40, 75, 33, 58, 44, 49, 66], [52.6] * 10).mean_variance.round(3)
    np.float64(0.059)
    """
    known, x, e, n = known_areas(observed, expected, denominator)
    return fit_between_areas(model_of(x[known], e[known], None if n is None else n[known]), prior)


def reliability(
    observed: ArrayLike, expected: ArrayLike, *, denominator: ArrayLike | None = None, prior: Prior = PRIOR
) -> Floats:
    """Share of an area's distance from the mean that is not chance: E V / (1 + E V), averaged over what V may be.

    Fractions, shape (areas,); NaN for an area without data. For a proportion E / (1 - p) takes the place of E.

    >>> reliability([90, 110, 400, 620], [100, 100, 500, 500]).round(2)
    array([0.84, 0.84, 0.96, 0.96])
    """
    known, x, e, n = known_areas(observed, expected, denominator)
    answer = np.full(x.shape, np.nan)
    if known.any():
        model = model_of(x[known], e[known], None if n is None else n[known])
        fit = fit_between_areas(model, prior)
        excess = model.inflation(fit.sd[:, None] ** 2, model.events(fit.shift[:, None]))
        answer[known] = (1 - fit.identical) * (fit.weight[:, None] * (1 - 1 / excess)).sum(0)
    return answer
