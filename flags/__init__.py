"""Command-line flags: one file for each binary."""
