"""The cost of a derived network, as a sum over its parts."""
