"""Figures in words."""


def octets(per_s: float) -> str:
    """Bytes in one second, with the unit that fits."""
    if per_s < 1000:
        return f"{per_s:.0f} B/s"
    return f"{per_s / 1000:.1f} kB/s" if per_s < 1e6 else f"{per_s / 1e6:.2f} MB/s"


def size(count_bytes: float) -> str:
    """Of a file or a disk, with the unit that fits."""
    for unit_bytes, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if count_bytes >= unit_bytes:
            amount = count_bytes / unit_bytes
            return f"{amount:.1f} {unit}" if amount < 100 else f"{amount:.0f} {unit}"
    return f"{count_bytes / 1000:.0f} kB"


def length(seconds: float) -> str:
    """`1:05` or `1:02:05`."""
    minutes, left_s = divmod(max(int(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left_s:02}" if hours else f"{minutes}:{left_s:02}"


def count(number: int, one: str, many: str) -> str:
    """`1 message`, `2 messages`."""
    return f"{number:,} {one if number == 1 else many}".replace(",", " ")
