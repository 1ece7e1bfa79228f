"""The search of a recurrent cell on a text."""
