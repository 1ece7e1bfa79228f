"""The search of a recurrent cell by trials."""
