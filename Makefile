# Clausewatch. `make` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run demo setup dev test lint audit format docs extension lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Clausewatch needs Python 3.11 or newer: make PYTHON=python3.12 run" or 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(DEV_STAMP): $(STAMP) requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

setup: $(STAMP) ## create .venv with the pinned dependencies

dev: $(DEV_STAMP) ## add what the tests and checks need

run: $(STAMP) ## start everything on this machine
	@$(BIN)/clausewatch up

demo: $(STAMP) ## see a quiet change being found, in under a minute
	@$(BIN)/clausewatch demo

lint: $(DEV_STAMP) ## ruff, mypy, the import rules and bandit
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports
	$(BIN)/bandit -q -ll -r server bot

audit: $(DEV_STAMP) ## known holes in the pinned dependencies; without a network: make audit OSV=all.zip (docs/security.md)
ifdef OSV
	$(BIN)/python .ci/audit.py $(OSV) requirements.txt
else
	$(BIN)/pip-audit --strict --progress-spinner off --require-hashes --disable-pip -r requirements.txt
endif

format: $(DEV_STAMP) ## let ruff format the code
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

test: export PYTHONDONTWRITEBYTECODE := # hundreds of processes are started: none should compile what others have
test: $(DEV_STAMP) ## everything, browsers included
	@sh tests/install-tools.sh
	$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

docs: $(STAMP) ## refresh the generated pages of docs/
	$(BIN)/python -m server settings --markdown > docs/configuration.md

extension: ## make and lint the store packages
	$(PYTHON) tests/extension/package.py

lock: ## refresh the pinned dependencies (needs uv on PATH)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean: ## remove what was built, keep data/
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache artifacts
