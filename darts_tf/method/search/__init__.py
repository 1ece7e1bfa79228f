"""The searching model: what it does before, within and after a step."""
