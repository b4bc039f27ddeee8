"""The dancer in 3-D, as receivers are shown it."""
