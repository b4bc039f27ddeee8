"""Shipped show presets, TOML, read through importlib.resources."""
