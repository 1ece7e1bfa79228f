"""Binaries, run as `python -m trainers.NAME`."""
