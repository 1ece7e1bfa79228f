"""Whole runs, from data to a report; each kind is a folder."""
