"""What is sent: the messages of a frame and where its numbers go."""
