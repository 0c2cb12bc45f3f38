# `make` alone prints what there is to do.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready
CATALOGUES := translations/lt/LC_MESSAGES/messages.mo translations/pl/LC_MESSAGES/messages.mo

.DEFAULT_GOAL := help
.PHONY: help run test check bench lock translations format

help:  ## Print this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1	\2/' | expand -t 22

run: $(READY) $(CATALOGUES)  ## Install, create the database, load LTPL00388 with example activity, serve on port 5000
	$(BIN)/portal init
	$(BIN)/portal demo load
	$(BIN)/portal serve

test: $(READY) $(CATALOGUES)  ## Run everything, on SQLite and PostgreSQL, with the browser
	$(BIN)/python -m tests.run

check: $(READY) $(CATALOGUES)  ## Lint, types, import contracts, dependencies, architecture tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m pytest -q tests/architecture

bench: $(READY) $(CATALOGUES)  ## Print the benchmark table
	$(BIN)/python -m tests.benchmarks

format: $(READY)  ## Put the code into its usual shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

translations: $(READY)  ## Collect new sentences into the catalogues and list the untranslated ones
	$(BIN)/python translations/collect.py

lock:  ## Pin the newest packages, with hashes and without addresses
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install -q pip-tools
	.venv-lock/bin/pip-compile -q --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  --extra dev --build-deps-for editable -o requirements.lock pyproject.toml
	rm -rf .venv-lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

%.mo: %.po $(READY)
	$(BIN)/pybabel -q compile -i $< -o $@
