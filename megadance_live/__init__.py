"""MegaDance Live: music in, a dancing avatar out, live."""

__version__ = "0.1.0"
