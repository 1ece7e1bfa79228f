"""The strategies of the library, a module for each."""
