"""What the search costs, measured; see docs/performance.md."""
