"""Training of both stages, with checkpoints and resume."""
