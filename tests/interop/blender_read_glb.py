"""Runs inside Blender: import a glTF file with Blender's own add-on and write what has become of it as JSON.

blender --background --factory-startup --python-use-system-env --python blender_read_glb.py -- IN.glb OUT.json

The add-on needs numpy, which Debian's build of Blender does not bring; PYTHONPATH may name one.
"""

import json
import sys
from pathlib import Path

import bpy

source, target = sys.argv[sys.argv.index("--") + 1 :]
try:
    import numpy as np  # noqa: F401
except ImportError:
    Path(target).write_text(json.dumps({"numpy": False}), encoding="utf-8")
    sys.exit()

for thing in list(bpy.data.objects):
    bpy.data.objects.remove(thing)
scene = bpy.context.scene
scene.render.fps = 30
bpy.ops.import_scene.gltf(filepath=source)
armature = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
body = next(thing for thing in bpy.data.objects if thing.type == "MESH" and thing.parent == armature)
first, last = (round(frame) for frame in armature.animation_data.action.frame_range)
frames, corners = [], []
for frame in range(first, last + 1):
    scene.frame_set(frame)
    world = armature.matrix_world
    frames.append({bone.name: list(world @ bone.head) for bone in armature.pose.bones})
    shown = body.evaluated_get(bpy.context.evaluated_depsgraph_get())
    places = [shown.matrix_world @ vertex.co for vertex in shown.data.vertices]
    corners.append([[side(place[axis] for place in places) for axis in range(3)] for side in (min, max)])
found = {
    "numpy": True,
    "frames": frames,
    "corners": corners,
    "groups": [group.name for group in body.vertex_groups],
    "modifiers": [modifier.type for modifier in body.modifiers],
}
Path(target).write_text(json.dumps(found), encoding="utf-8")
