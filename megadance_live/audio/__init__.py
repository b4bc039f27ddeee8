"""Audio in: sources that all give the same AudioBlocks."""
