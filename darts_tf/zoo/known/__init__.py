"""The rows of the tables, a module for each family of networks."""
