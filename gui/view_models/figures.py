"""Figures of a stream in words."""


def octets(per_s: float) -> str:
    """Bytes in one second, with the unit that fits."""
    if per_s < 1000:
        return f"{per_s:.0f} B/s"
    return f"{per_s / 1000:.1f} kB/s" if per_s < 1e6 else f"{per_s / 1e6:.2f} MB/s"


def count(number: int, one: str, many: str) -> str:
    """`1 message`, `2 messages`."""
    return f"{number:,} {one if number == 1 else many}".replace(",", " ")
