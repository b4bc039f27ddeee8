"""The Session and the engine process."""
