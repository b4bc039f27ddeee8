"""Music to learn beats from: made up and rendered by code, so that every beat and every bar is known exactly."""
