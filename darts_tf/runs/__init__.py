"""The folder of a run: its files, its checkpoints and the table of its metrics."""
