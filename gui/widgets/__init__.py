"""Widgets that every panel is made of: they draw what they are given and tell what was pressed."""
