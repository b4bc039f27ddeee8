"""Audio in: the demo track, files and devices, all as the same AudioBlocks; and the composer of made-up music."""

from megadance_live.audio.devices import DeviceInfo, list_devices
from megadance_live.audio.source import AudioSource, open_source

__all__ = ["AudioSource", "DeviceInfo", "list_devices", "open_source"]
