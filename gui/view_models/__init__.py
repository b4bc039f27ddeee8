"""What is shown and what the performer does, without Qt."""
