"""Latency of derived networks, from tables that are measured through the exporters."""
