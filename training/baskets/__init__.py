"""Completing a basket: what of it and of other baskets says which item is missing."""
