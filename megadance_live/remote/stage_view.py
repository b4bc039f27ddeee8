"""What receivers are shown at this moment, for a control surface: the newest frame, and the poses around it.

The sender writes it beside the datagrams, so that the app draws what is sent: frozen, black, idle or dancing.
"""

from dataclasses import fields

import numpy as np

from megadance_live.core.output_frame import AppState, MusicalState, OutputFrame
from megadance_live.core.shared_record import SharedRecord
from megadance_live.remote.pose_ring import PoseRing, SeenPose

_MUSIC = tuple((field.name, field.type) for field in fields(MusicalState))
_DTYPE = np.dtype(
    [
        ("host_time_s", np.float64),
        ("time_s", np.float64),
        ("state", np.int32),
        ("visible", bool),
        ("fps", np.float64),
        ("latency_ms", np.float64),
        *((f"music_{name}", kind) for name, kind in _MUSIC),
    ]
)


class StageView:
    """Written by the sender's thread, read by one thread of each surface."""

    def __init__(self, names: tuple[str, str] | None = None) -> None:
        """Create the view, or attach to the one of those `names`."""
        frame, poses = names or (None, None)
        self._shared = SharedRecord(_DTYPE, frame)
        self.poses = PoseRing(poses)

    @property
    def names(self) -> tuple[str, str]:
        """What another process attaches to."""
        return self._shared.name, self.poses.name

    def close(self) -> None:
        self._shared.close()
        self.poses.close()

    def write(self, host_time_s: float, frame: OutputFrame) -> None:
        """Show a frame."""
        music = frame.music
        with self._shared.writing() as record:
            record[...] = (
                host_time_s, frame.time_s, int(frame.state), frame.visible, frame.fps, frame.latency_ms,
                *(getattr(music, name) for name, _ in _MUSIC),
            )  # fmt: skip
        self.poses.write(SeenPose(host_time_s, frame.root_m, frame.quats, frame.contacts, music.expert))

    def read(self) -> OutputFrame | None:
        """The newest frame (its `index` and `heartbeat` are not kept); None before the first."""
        record, _ = self._shared.read()
        host_time_s, time_s, state, visible, fps, latency_ms, *music = record.item()
        if host_time_s == 0.0:
            return None
        pose = self.poses.at(host_time_s)
        if pose is None:
            return None
        return OutputFrame(
            index=0,
            time_s=time_s,
            root_m=pose.root_m,
            quats=pose.quats,
            contacts=pose.contacts,
            music=MusicalState(*music),
            state=AppState(state),
            visible=bool(visible),
            fps=fps,
            latency_ms=latency_ms,
        )
