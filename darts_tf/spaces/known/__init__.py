"""The named spaces of the library, a module for each family."""
