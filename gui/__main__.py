"""`python -m gui`: the control app alone, beside a show that runs or is still to come."""

import sys

from gui.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
