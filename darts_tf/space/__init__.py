"""The search space as data: edges of a cell, and the cell that alpha stands for."""
