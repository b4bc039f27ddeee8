"""Building blocks, each with a whole-sequence forward and a step that agree."""
