# Everything a newcomer needs: `make help`.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TRAINING := $(VENV)/.training-installed
REVIEWS ?=
ARGS ?=
# The labelled texts that the analyzer's model is made from.
DATA ?= ../shared/data

# Importing Prefect takes twice as long without cached bytecode, and many processes import it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo up down test test-fast chaos check format bench train evaluate lock clean

help:  ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/uv: requirements-bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "emotion-cards needs Python 3.11 or newer; PYTHON=/path/to/python3.11 make …")'
	@echo "Creating the environment in $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements-bootstrap.lock
	@touch $@

$(STAMP): $(VENV)/bin/uv requirements.lock pyproject.toml
	@echo "Installing the locked packages …"
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP)  ## Run the main job end to end against a demo shop (REVIEWS=file.jsonl serves your own)
	@$(BIN)/cards demo $(if $(REVIEWS),--reviews "$(REVIEWS)") $(ARGS)

up: $(STAMP)  ## Keep the platform running; Ctrl-C stops all of it
	@$(BIN)/cards up $(ARGS)

down: $(STAMP)  ## Stop a platform that was started elsewhere
	@$(BIN)/cards down $(ARGS)

# In the order of collection: the few long acceptance tests first, not as a tail for one worker.
test: $(STAMP)  ## The whole suite on real servers (under 10 minutes on 2 cores)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: $(STAMP)  ## Unit and architecture tests only (about a minute)
	@$(BIN)/python -m pytest tests/unit tests/architecture $(ARGS)

chaos: $(STAMP)  ## Further kills and stops of whole runs (minutes; `make test` has the small form)
	@$(BIN)/python -m pytest -n 2 -m chaos $(ARGS)

check: $(STAMP)  ## Format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(STAMP)  ## Rewrite the code in the project's format
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

bench: $(STAMP)  ## Throughput against a bare loop in the same run (minutes)
	@$(BIN)/python -m benchmarks.main_job $(ARGS)

$(TRAINING): $(STAMP) requirements-training.lock
	@echo "Installing what training needs …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-training.lock
	@touch $@

train: $(TRAINING)  ## Make the analyzer's model again from labelled texts (DATA=folder; minutes)
	@OMP_NUM_THREADS=1 $(BIN)/python -m training train --data "$(DATA)" $(ARGS)

evaluate: $(STAMP)  ## Measure the analyzer on texts kept back, and write the reference's page of it
	@OMP_NUM_THREADS=1 $(BIN)/python -m training evaluate --data "$(DATA)" $(ARGS)

lock: $(VENV)/bin/uv  ## Resolve pyproject.toml again into requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --all-extras pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header requirements-bootstrap.in -o requirements-bootstrap.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -c requirements.lock requirements-training.in -o requirements-training.lock

clean:  ## Remove the environment and local data
	rm -rf $(VENV) .data .mypy_cache .ruff_cache .pytest_cache .hypothesis
