"""Disclosure control: what a pack may show of people, decided on the counts before anything is made from them."""
