"""Conversions to what other programs read: OSC layouts, VMC, take files."""
