"""The scores of papers, a module for each."""
