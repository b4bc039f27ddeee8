"""Musical features and musical time, causal."""
