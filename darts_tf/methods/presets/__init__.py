"""The published methods: each file has its `PRESET`, which is found by itself."""
