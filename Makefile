# Everything happens in a virtual environment of its own; nothing but Python (3.11 to 3.13) is needed beforehand.
# Another interpreter: make PYTHON=python3.12 demo

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.megadance-live-ready

.PHONY: help demo test check format clean

help:
	@echo "make demo    dance to the demo track, send OSC and VMC to this computer, keep the take in takes/"
	@echo "make test    run the tests"
	@echo "make check   format, lint, types and import contracts"
	@echo "make format  let ruff format and mend what it can"
	@echo "make clean   remove the virtual environment and the caches"

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(READY)

demo: $(READY)
	$(BIN)/megadance-live run --audio demo --expert house --record takes $(ARGS)

test: $(READY)
	$(BIN)/python -m pytest $(ARGS)

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
