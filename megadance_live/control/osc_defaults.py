"""Where OSC control is listened for unless the preset says otherwise, for those who need nothing of OSC itself."""

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 9001
DEFAULT_ALLOWED = ("127.0.0.1", "::1")
