"""Settings and measurements of what a derived network costs."""
