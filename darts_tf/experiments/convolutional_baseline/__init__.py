"""The search of convolutional cells by trials."""
