"""Devices, machines and processes that run one computation together."""
