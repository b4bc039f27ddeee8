"""What to do when nothing is heard, by platform."""

_GAIN = "Nothing is heard: is the music playing, and is the input gain up?"
_PERMISSION = (
    "macOS gives silence to a program without permission: open System Settings, Privacy & Security, Microphone, allow "
    "it there and choose the input again."
)
_LOOPBACK = {
    "darwin": "To hear what this computer plays, install a loopback driver such as BlackHole, play into it and choose "
    "it here.",
    "win32": 'To hear what this computer plays, choose "Stereo Mix", or install a virtual cable and play into it.',
}
_MONITOR = (
    'To hear what this computer plays, choose the "Monitor of" your output; where none is listed, set it for MegaDance '
    "in the Recording tab of pavucontrol."
)
_WINDOWS_PRIVACY = "Windows may refuse the microphone: open Settings, Privacy, Microphone and allow desktop apps."


def hints(platform: str, kind: str) -> tuple[str, ...]:
    """Sentences for `sys.platform` and a source of a kind ("demo", "file" or "input"), the likeliest first."""
    if kind != "input":
        return (_GAIN,)
    if platform == "darwin":
        return (_GAIN, _PERMISSION, _LOOPBACK["darwin"])
    if platform == "win32":
        return (_GAIN, _WINDOWS_PRIVACY, _LOOPBACK["win32"])
    return (_GAIN, _MONITOR)
