"""Weights and networks, to and from other programs."""
