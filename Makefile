# Everything runs in .venv, which the first target builds.  A fresh machine needs make and Python 3.11+.

VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
JOBS   ?= 2
# Threads inside NumPy fight with the parallel tests, and make times vary.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export MPLBACKEND ?= Agg

.PHONY: help venv demo build test test-all oracles bench lint format clean

help:
	@echo "make demo      train a network, fit a model, save plots (under two minutes)"
	@echo "make build     write the stand-alone gradients of examples/ into generated/"
	@echo "make test      the tests (under 12 minutes on two cores)"
	@echo "make test-all  the slow ones too, with JAX, PyTorch and autograd as oracles"
	@echo "make bench     gradients against hand-written ones and other tools (half an hour)"
	@echo "make lint      ruff and pyright"
	@echo "make format    let ruff format and repair what it can"

venv: $(STAMP)

# Installed once; again only if pyproject.toml changes.
$(STAMP): pyproject.toml
	@test -x $(BIN)/python || { \
	  for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
	    if $$python -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	      $$python -m venv $(VENV) && exit 0; exit 1; \
	    fi; \
	  done; \
	  echo "adgen needs Python 3.11 or newer (with venv); set PYTHON=/path/to/python"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[examples,test,dev]"
	@touch $@

demo: $(STAMP)
	$(BIN)/python -m examples.demo

build: $(STAMP)
	$(BIN)/adgen build

test: $(STAMP)
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -q -m "not slow"

oracles: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[oracles]"

test-all: oracles
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -q

bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	$(BIN)/python -m benchmarks

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

format: $(STAMP)
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis examples/output build dist
