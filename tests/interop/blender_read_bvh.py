"""Runs inside Blender: import a BVH with Blender's own add-on and write the place of every joint as JSON.

blender --background --factory-startup --python blender_read_bvh.py -- IN.bvh OUT.json

Only Blender's own modules are used: Debian's build comes without numpy.
"""

import json
import sys

import bpy

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
with open(target, "w", encoding="utf-8") as file:
    json.dump({"fps": scene.render.fps / scene.render.fps_base, "frames": frames}, file)
