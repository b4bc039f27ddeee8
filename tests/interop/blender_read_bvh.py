"""Runs inside Blender: import a BVH with Blender's own add-on and write the place of every joint as JSON.

blender --background --factory-startup --python blender_read_bvh.py -- IN.bvh OUT.json

Only Blender's own modules are used: Debian's build comes without numpy.
"""

import json
import sys
from pathlib import Path

import bpy
import io_anim_bvh.import_bvh


def open_text(path, mode):
    """Blender 3.4 opens the file in mode "rU", which Python 3.11, with which Debian 12 builds it, has no more."""
    return Path(path).open(mode.replace("U", ""))


io_anim_bvh.import_bvh.open = open_text

source, target = sys.argv[sys.argv.index("--") + 1 :]
bpy.ops.import_anim.bvh(
    filepath=source, axis_forward="-Z", axis_up="Y", global_scale=0.01, rotate_mode="NATIVE", update_scene_fps=True
)
armature = bpy.context.object
scene = bpy.context.scene
first, last = (int(frame) for frame in armature.animation_data.action.frame_range)
frames = []
for frame in range(first, last + 1):
    scene.frame_set(frame)
    world = armature.matrix_world
    frames.append({bone.name: list(world @ bone.head) for bone in armature.pose.bones})
found = {"fps": scene.render.fps / scene.render.fps_base, "frames": frames}
Path(target).write_text(json.dumps(found), encoding="utf-8")
