"""Which joint of a skeleton is which of SMPL's, by its name: SMPL's own names, Mixamo's, those of CMU's and Motorica's
BVH files, VRM's, Unreal's and 3ds Max's bipeds."""

import re
from collections.abc import Mapping, Sequence

from megadance_live.core.errors import DataError
from megadance_live.core.skeleton import JOINT_NAMES

_PREFIX = re.compile(
    r"^(mixamorig\d*|m_avg|f_avg|bip\d+|character\d*|armature|cc_base|def|j_bip(_c)?|valvebiped)[:_ .]+", re.I
)
_SIDES = (
    re.compile(r"^(?P<side>left|right)[ _.\-]*(?P<base>.*)$", re.I),
    re.compile(r"^(?P<side>[lr])[ _.\-]+(?P<base>.*)$", re.I),
    re.compile(r"^(?P<side>[lr])(?P<base>[A-Z].*)$"),
    re.compile(r"^(?P<base>.*?)[ _.\-]+(?P<side>left|right|l|r)$", re.I),
    re.compile(r"^(?P<base>.*[a-z])(?P<side>Left|Right|L|R)$"),
)

# For each joint of a side the names that it has, the surest first. A name that may be either of two joints (a foot is
# the ankle, or, beside an ankle, the toes) goes to the first joint that no surer name has taken.
_LIMBS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("hip", ("upleg", "upperleg", "thigh", "hip", "femur")),
    ("knee", ("lowleg", "lowerleg", "calf", "shin", "knee", "leg", "tibia")),
    ("ankle", ("ankle", "foot")),
    ("foot", ("toebase", "toe", "toes", "toe0", "ball", "foot")),
    ("collar", ("collar", "clavicle", "shoulder")),
    ("shoulder", ("uparm", "upperarm", "arm", "shoulder", "humerus")),
    ("elbow", ("lowarm", "lowerarm", "forearm", "elbow", "radius")),
    ("wrist", ("wrist", "hand")),
    ("hand", ("hand",)),
)
_PELVIS = ("hips", "pelvis", "hip", "root")
_HEAD = ("head",)
_NEEDED = (
    "pelvis", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
)  # fmt: skip


def smpl_joints(names: Sequence[str], parents: Sequence[int]) -> dict[str, int]:
    """SMPL's joint names and the index of the joint that stands for each; the back and the neck by where they hang.

    Raises DataError where a joint that a dance needs is not there."""
    plain = [_PREFIX.sub("", name) for name in names]
    sided = [_side_of(name) for name in plain]
    found: dict[str, int] = {}
    _find_middle(found, "pelvis", _PELVIS, plain, sided)
    _find_middle(found, "head", _HEAD, plain, sided)
    for side in ("left", "right"):
        bases = {base: index for index, (of, base) in reversed(list(enumerate(sided))) if of == side}
        _find_limbs(found, side, bases)
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        raise DataError(
            f"its skeleton has no joints called like {', '.join(missing)} (it has {', '.join(names[:12])}"
            f"{', ...' if len(names) > 12 else ''})"
        )
    _find_back(found, parents)
    return {name: found[name] for name in JOINT_NAMES if name in found}


def _side_of(name: str) -> tuple[str, str]:
    """("left" or "right" or "", the rest of the name in small letters without separators)."""
    for pattern in _SIDES:
        if (match := pattern.match(name)) and _letters(match["base"]):
            return ("left" if match["side"][0] in "lL" else "right"), _letters(match["base"])
    return "", _letters(name)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _find_middle(
    found: dict[str, int], joint: str, bases: tuple[str, ...], plain: Sequence[str], sided: Sequence[tuple[str, str]]
) -> None:
    for base in bases:
        for index, (side, _) in enumerate(sided):
            if not side and _letters(plain[index]) == base:
                found[joint] = index
                return


def _find_limbs(found: dict[str, int], side: str, bases: Mapping[str, int]) -> None:
    taken: set[int] = set()
    for joint, names in _LIMBS:
        for name in names:
            index = bases.get(name)
            if index is None or index in taken or _better_elsewhere(joint, name, bases):
                continue
            found[f"{side}_{joint}"] = index
            taken.add(index)
            break


def _better_elsewhere(joint: str, name: str, bases: Mapping[str, int]) -> bool:
    """A shoulder is the collar only where the upper arm has a name of its own."""
    return joint == "collar" and name == "shoulder" and not any(arm in bases for arm in ("uparm", "upperarm", "arm"))


def _find_back(found: dict[str, int], parents: Sequence[int]) -> None:
    """The chest is where both arms hang; the back is between it and the pelvis, and the neck between it and the
    head."""
    arms = [found.get(f"{side}_collar", found[f"{side}_shoulder"]) for side in ("left", "right")]
    left, right = (_above(index, parents) for index in arms)
    chest = next((index for index in left if index in right), found["pelvis"])
    if chest == found["pelvis"] or found["pelvis"] not in _above(chest, parents):
        return
    found["spine3"] = chest
    above = _above(chest, parents)
    back = above[: above.index(found["pelvis"])][::-1]
    if back:
        found["spine1"] = back[0]
    if len(back) > 1:
        found["spine2"] = back[-1] if len(back) == 2 else back[len(back) // 2]
    if "head" not in found:
        return
    above_head = _above(found["head"], parents)
    neck = above_head[: above_head.index(chest)] if chest in above_head else []
    if neck:
        found["neck"] = neck[-1]


def _above(index: int, parents: Sequence[int]) -> list[int]:
    """Parent, its parent, and so on."""
    chain = []
    while (index := parents[index]) >= 0:
        chain.append(index)
    return chain
