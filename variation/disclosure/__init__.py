"""Disclosure control: what a pack may show of people, decided on the counts before anything is made from them."""

from variation.disclosure.policies import POLICIES, Policy

__all__ = ["POLICIES", "Policy"]
