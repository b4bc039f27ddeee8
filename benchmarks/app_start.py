"""How long the app takes from its start to the window, to the show and to the first frame of the dance.

python -m benchmarks.app_start [--times N] [--size WxH]

Starts `megadance-live` on a virtual screen with caches that are warm: one start before those that count. Prints JSON
lines, the medians last. Wanted: the window within 1.5 s, the dance within 5 s, on two cores.
"""

import argparse
import json
import statistics

from benchmarks.app_rig import load_average, running_show, size, told, virtual_screen

LAST = "dance painted"


def start() -> dict[str, float]:
    """Seconds to each milestone."""
    with running_show() as show:
        show.reach(LAST)
        return {name: round(taken_s, 3) for name, taken_s in show.milestones_s().items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, metavar="N", help="starts that count")
    parser.add_argument("--size", type=size, default=(1920, 1080), metavar="WxH", help="of the screen")
    options = parser.parse_args()
    with virtual_screen(*options.size):
        start()
        taken = []
        for _ in range(options.times):
            taken.append(start())
            print(json.dumps({**taken[-1], "load": load_average()[0]}), flush=True)
    medians = {name: round(statistics.median(each[name] for each in taken), 3) for name in taken[0]}
    print(json.dumps({"median of": options.times, **medians}))


if __name__ == "__main__":
    told(main)
