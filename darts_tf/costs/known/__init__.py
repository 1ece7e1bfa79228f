"""The costs that are counted for a part, a module for each."""
