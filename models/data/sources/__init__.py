"""Folders of dance as users have them, read clip by clip."""
