"""glTF 2.0, binary: a skinned figure of plain bones that dances, for Blender, Unreal, Unity and the web.

After the specification of Khronos (https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html): right-handed, Y up, the
front along +Z, metres, quaternions x, y, z, w, seconds. Importers make an armature of joints only where a mesh hangs on
them, which is what the figure is for.
"""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core.skeleton import JOINT_COUNT, JOINT_NAMES, PARENTS, REST_OFFSETS_M, STANDING_PELVIS_M
from megadance_live.output.take.files import atomic
from megadance_live.output.take.proxy_mesh import bone_mesh, rest_joints_m
from megadance_live.output.take.track import F64, Motion

SUFFIX = ".glb"
_MAGIC, _VERSION, _JSON, _BINARY = 0x46546C67, 2, 0x4E4F534A, 0x004E4942
_TYPES = {(): "SCALAR", (3,): "VEC3", (4,): "VEC4", (4, 4): "MAT4"}
_COMPONENTS = {"|u1": 5121, "<u2": 5123, "<f4": 5126}
_VERTICES, _INDICES = 34962, 34963
_FIGURE, _BODY = JOINT_COUNT, JOINT_COUNT + 1
"""Nodes after the joints: what the joints hang on, and the mesh, which as a skinned one stands by itself."""


class _Buffer:
    """The binary part, and the tables that say where in it each array lies."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []

    def add(self, array: npt.NDArray[Any], *, target: int | None = None, bounds: bool = False) -> int:
        """Store [n, ...]; `bounds` are asked for where readers must know the least and greatest without reading."""
        self.data += bytes(-len(self.data) % 4)
        raw = array.tobytes()
        view: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(raw)}
        accessor: dict[str, Any] = {
            "bufferView": len(self.views),
            "componentType": _COMPONENTS[array.dtype.str],
            "count": len(array),
            "type": _TYPES[array.shape[1:]],
        }
        if bounds:
            accessor["min"] = np.atleast_1d(array.min(axis=0)).tolist()
            accessor["max"] = np.atleast_1d(array.max(axis=0)).tolist()
        self.views.append(view if target is None else {**view, "target": target})
        self.accessors.append(accessor)
        self.data += raw
        return len(self.accessors) - 1


def write_glb(path: Path, motion: Motion) -> None:
    """Write the file in one go; raises OSError. The same motion gives the same bytes."""
    buffer = _Buffer()
    document = {
        "asset": {"version": "2.0", "generator": "MegaDance Live"},
        "scene": 0,
        "scenes": [{"nodes": [_FIGURE, _BODY]}],
        "nodes": [*map(_joint_node, range(JOINT_COUNT)), *_figure_nodes()],
        "skins": [_skin(buffer)],
        "meshes": [_mesh(buffer)],
        "animations": [_animation(buffer, motion)],
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [{"byteLength": len(buffer.data)}],
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    chunks = [(_JSON, text + b" " * (-len(text) % 4)), (_BINARY, bytes(buffer.data) + bytes(-len(buffer.data) % 4))]
    size = 12 + sum(8 + len(chunk) for _, chunk in chunks)
    with atomic(path) as temporary, temporary.open("wb") as file:
        file.write(struct.pack("<3I", _MAGIC, _VERSION, size))
        for kind, chunk in chunks:
            file.write(struct.pack("<2I", len(chunk), kind) + chunk)


def read_glb(path: Path) -> Motion:
    """The motion that `write_glb` wrote. Raises whatever a broken file may raise, ValueError for another figure."""
    data = path.read_bytes()
    magic, _, size = struct.unpack_from("<3I", data)
    length, _ = struct.unpack_from("<2I", data, 12)
    if magic != _MAGIC or size != len(data):
        raise ValueError("it is no whole glTF file")
    document = json.loads(data[20 : 20 + length])
    if [node.get("name") for node in document["nodes"][:JOINT_COUNT]] != list(JOINT_NAMES):
        raise ValueError("it has another skeleton")
    binary = memoryview(data)[20 + length + 8 :]
    animation = document["animations"][0]

    def array(accessor: int, width: int) -> F64:
        entry = document["accessors"][accessor]
        start, count = document["bufferViews"][entry["bufferView"]]["byteOffset"], entry["count"]
        return np.frombuffer(binary, "<f4", count * width, start).reshape(count, width).astype(np.float64)

    tracks = {
        (channel["target"]["node"], channel["target"]["path"]): animation["samplers"][channel["sampler"]]
        for channel in animation["channels"]
    }
    time_s = array(tracks[0, "translation"]["input"], 1)[:, 0]
    fps = round((len(time_s) - 1) / (time_s[-1] - time_s[0])) if len(time_s) > 1 else 30
    quats = np.stack([array(tracks[joint, "rotation"]["output"], 4) for joint in range(JOINT_COUNT)], axis=1)
    return Motion(fps, array(tracks[0, "translation"]["output"], 3), quats)


def _joint_node(joint: int) -> dict[str, Any]:
    """At rest: a T-pose on its feet."""
    offset = REST_OFFSETS_M[joint].astype(np.float64) if joint else np.array([0.0, STANDING_PELVIS_M, 0.0])
    node: dict[str, Any] = {"name": JOINT_NAMES[joint], "translation": [round(float(v), 6) for v in offset]}
    children = [child for child in range(JOINT_COUNT) if PARENTS[child] == joint]
    return {**node, "children": children} if children else node


def _figure_nodes() -> list[dict[str, Any]]:
    return [{"name": "MegaDance", "children": [0]}, {"name": "body", "mesh": 0, "skin": 0}]


def _skin(buffer: _Buffer) -> dict[str, Any]:
    inverse = np.tile(np.eye(4, dtype="<f4"), (JOINT_COUNT, 1, 1))
    inverse[:, 3, :3] = -rest_joints_m()  # column-major
    return {
        "skeleton": 0,
        "joints": list(range(JOINT_COUNT)),
        "inverseBindMatrices": buffer.add(inverse),
    }


def _mesh(buffer: _Buffer) -> dict[str, Any]:
    mesh = bone_mesh()
    joints = np.zeros((len(mesh.joints), 4), "|u1")
    joints[:, 0] = mesh.joints
    weights = np.zeros((len(mesh.joints), 4), "<f4")
    weights[:, 0] = 1
    attributes = {
        "POSITION": buffer.add(mesh.vertices_m.astype("<f4"), target=_VERTICES, bounds=True),
        "NORMAL": buffer.add(mesh.normals.astype("<f4"), target=_VERTICES),
        "JOINTS_0": buffer.add(joints, target=_VERTICES),
        "WEIGHTS_0": buffer.add(weights, target=_VERTICES),
    }
    indices = buffer.add(np.arange(len(mesh.joints)).astype("<u2"), target=_INDICES)
    return {"name": "body", "primitives": [{"attributes": attributes, "indices": indices}]}


def _animation(buffer: _Buffer, motion: Motion) -> dict[str, Any]:
    time_s = buffer.add((np.arange(len(motion)) / motion.fps).astype("<f4"), bounds=True)
    tracks = [(0, "translation", motion.root_m.astype("<f4"))]
    quats = _continuous(motion.quats).astype("<f4")
    tracks += [(joint, "rotation", quats[:, joint]) for joint in range(JOINT_COUNT)]
    return {
        "name": "dance",
        "samplers": [{"input": time_s, "output": buffer.add(np.ascontiguousarray(track))} for *_, track in tracks],
        "channels": [
            {"sampler": k, "target": {"node": node, "path": path}} for k, (node, path, _) in enumerate(tracks)
        ],
    }


def _continuous(quats: F64) -> F64:
    """[n, joints, 4] with the sign by which each lies nearest to the one before: some programs interpolate the four
    numbers one by one."""
    against = np.sum(quats[1:] * quats[:-1], axis=-1) < 0
    flips = np.concatenate([np.zeros((1, quats.shape[1]), bool), np.logical_xor.accumulate(against, axis=0)])
    return np.where(flips[..., None], -quats, quats)
