# The whole project from here: `make reproduce` runs the main study, `make test` runs the tests.
# Both make their own .venv first; what is already done is not done again.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
STUDY := analyses/china_digital_industry
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup reproduce test check docs lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(READY) ## the environment in .venv, locked with hashes

# Byte code is written once, by all processors at a time (pip would use one of them). Files that do
# not compile are templates and tests of packages, which nobody imports.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "regpanel needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Setting up .venv ($$($(PYTHON) --version)): one to three minutes, once."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --no-compile --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@touch $@

reproduce: $(READY) ## the main study: tables, figures, report
	@$(BIN)/regpanel run $(STUDY)

test: $(READY) ## the default test suite
	$(BIN)/python -m pytest -n auto

check: $(READY) ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(READY) ## links and examples of the documentation; the site in build/site
	$(BIN)/python -m pytest tests/test_docs.py docs README.md CONTRIBUTING.md src/panel \
		--doctest-modules --doctest-glob='*.md'
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "build/site/index.html opens without a network"

lock: ## resolve requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-annotate --no-emit-index-url --custom-compile-command "make lock" \
		--output-file requirements.lock --quiet

clean: ## remove the environment and everything generated
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf analyses/*/out
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
