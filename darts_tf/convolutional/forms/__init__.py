"""The forms in which the edges from a state of a search network are computed."""
