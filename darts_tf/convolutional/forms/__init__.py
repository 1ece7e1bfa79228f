"""How the edges from a state are computed: each by itself, or all at once."""
