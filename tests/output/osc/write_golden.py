"""The golden datagrams. `python -m tests.output.osc.write_golden` writes them anew, after a change of a layout that is
meant."""

from pathlib import Path

from megadance_live.core.destination import parse_destination
from megadance_live.output.osc.receiver import layout_of
from megadance_live.output.osc.template import DatagramTemplate
from tests.output.osc.fixtures import EXPERTS, random_frame

FOLDER = Path(__file__).parent / "golden"
GOLDEN = {
    "native": "127.0.0.1:7000,layout=native",
    "native_unreal": "127.0.0.1:7000,layout=native,axes=unreal_x,performer=2,prefix=/show",
    "touchdesigner": "127.0.0.1:7000,layout=touchdesigner",
    "touchdesigner_quat": "127.0.0.1:7000,layout=touchdesigner,rotation=quat",
    "vmc": "127.0.0.1:39539,layout=vmc",
    "vmc_root": "127.0.0.1:39539,layout=vmc,locomotion=root",
    "vmc_rotations": "127.0.0.1:39539,layout=vmc,positions=none",
}


def datagram(destination: str) -> bytes:
    """The one bundle that the destination gets for the fixed frame."""
    layout = layout_of(parse_destination(destination, "native"), len(EXPERTS))
    frame = random_frame()
    (bundle,) = DatagramTemplate(layout.messages, "bundle").fill(layout.floats(frame), layout.ints(frame))
    return bytes(bundle)


def read_golden(name: str) -> bytes:
    return bytes.fromhex((FOLDER / f"{name}.hex").read_text())


def main() -> None:
    for name, destination in GOLDEN.items():
        data = datagram(destination)
        lines = (data[i : i + 48].hex() for i in range(0, len(data), 48))
        (FOLDER / f"{name}.hex").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
