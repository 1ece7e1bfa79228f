"""Variants of DARTS as settings: defaults, the parts that they make, and words."""
