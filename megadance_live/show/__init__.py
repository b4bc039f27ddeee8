"""The show process: pose timeline, output clock, senders, supervision."""
