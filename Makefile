# Everything happens in a virtual environment of its own; nothing but Python (3.11 to 3.13) is needed beforehand.
# Another interpreter: make PYTHON=python3.12 demo

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.megadance-live-ready

# Where there is no screen, the tests of the app use a virtual one, if there is one.
SCREEN := $(if $(DISPLAY)$(WAYLAND_DISPLAY),,$(if $(shell command -v xvfb-run),xvfb-run -a -s "-screen 0 1920x1080x24"))

.PHONY: help app demo test check format clean

help:
	@echo "make app     open the control app, dancing to the demo track"
	@echo "make demo    dance to the demo track, send OSC and VMC to this computer, keep the take in takes/"
	@echo "make test    run the tests"
	@echo "make check   format, lint, types and import contracts"
	@echo "make format  let ruff format and mend what it can"
	@echo "make clean   remove the virtual environment and the caches"

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(READY)

app: $(READY)
	$(BIN)/megadance-live $(ARGS)

demo: $(READY)
	$(BIN)/megadance-live run --audio demo --expert house --record takes $(ARGS)

test: $(READY)
	$(SCREEN) $(BIN)/python -m pytest $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info build dist
