"""GADG: music and history to the next token."""
