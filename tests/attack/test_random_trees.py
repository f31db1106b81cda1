"""The attack on random trees of areas: sums, years that are pooled, indicators that are parts of another."""

from dataclasses import replace

import pytest

from tests.attack.bounds import PUBLISHED_POLICIES
from tests.attack.scoring import Score, score
from tests.attack.worlds import parts_world, pooled_world, published, random_world, truth
from variation.policies import POLICIES

# Enough to find a leak (a rule that is wrong by one shows in the first ten); `python -m tests.attack` takes 500.
TREES, LINKED = 10, 2
PUBLISHING = [policy.name for policy in POLICIES.values() if policy.hides]


def attacked(make, trees, policy):
    total = Score()
    for seed in range(trees):
        world = make(seed)
        total.add(score(published(world, policy), truth(world.panel), only_small=True))
    return total


def test_the_attack_knows_the_policies_as_they_are_published():
    assert {
        name: (policy.largest, policy.rounding or 1) for name, policy in POLICIES.items() if policy.hides
    } == PUBLISHED_POLICIES


@pytest.mark.parametrize("name", PUBLISHING)
def test_nothing_withheld_is_worked_out_in_any_tree(name):
    found = attacked(random_world, TREES, POLICIES[name])
    assert found.attacked > 100
    assert (found.exact, found.narrower, found.wrong) == (0, 0, 0), found.examples


@pytest.mark.parametrize("make", [pooled_world, parts_world])
@pytest.mark.parametrize("name", ["hes_2018", "up_to_5_secondary"])
def test_nothing_withheld_is_worked_out_across_years_and_parts(make, name):
    found = attacked(make, LINKED, POLICIES[name])
    assert found.attacked > 30
    assert (found.exact, found.narrower, found.wrong) == (0, 0, 0), found.examples


@pytest.mark.parametrize("make", [random_world, pooled_world, parts_world])
def test_the_attack_works_counts_out_where_only_small_ones_are_withheld(make):
    primary = replace(POLICIES["up_to_5_secondary"], secondary=False)
    found = attacked(make, TREES if make is random_world else LINKED, primary)
    assert found.exact > 10
    assert found.wrong == 0


def test_without_secondary_suppression_rounding_alone_gives_ranges_away():
    found = attacked(random_world, TREES, replace(POLICIES["hes_2018"], secondary=False))
    assert found.narrower > 10
