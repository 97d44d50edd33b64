# `make` lists the targets. Only make and Python 3.11 or newer are needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
# One process more than there are cores, as much of it waits; who has less takes over from who has more.
PYTEST_ARGS ?= -n $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)') --dist worksteal
# How much `make prove` proves.
SEEDS ?= 10000
KILLS ?= 200
EXAMPLES ?= 20
LOCK_ARGS ?=

# The folders of our distributions, found by their pyproject.toml: a new plugin needs no line here.
DISTS := . ports core adapters web $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
PYPROJECTS := $(DISTS:%=%/pyproject.toml)
PACKAGES := $(notdir $(wildcard */paylinks_* plugins/*/paylinks_*))

# A lock is complete, so pip need not look for what it asks for.
INSTALL := $(PIP) install --no-deps --require-hashes -r
# Ours go in without isolation (their build backend is in the lock) and all in one call: 5 s instead of 43.
INSTALL_OURS := $(PIP) install --no-deps --no-build-isolation $(DISTS:%=-e ./%)

# A stamp says what .venv holds. It is older than a changed lock or pyproject, so an up-to-date .venv costs nothing.
READY := $(VENV)/.ready
RUN := $(VENV)/.run
DEV := $(VENV)/.dev

.DEFAULT_GOAL := help
.PHONY: help install run test prove check format lock bench plugin clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(RUN) ## Make .venv with what the server needs

run: $(RUN) ## Start the server
	@exec $(BIN)/paylinks serve

test: $(DEV) ## Run all tests but the long ones (PYTEST_ARGS="-k stripe" for some)
	@$(BIN)/pytest $(PYTEST_ARGS)

prove: $(DEV) ## Run the long tests: 10,000 seeds, 200 kills on each database, whatever may be asked of each call
	@PAYLINKS_SEEDS=$(SEEDS) PAYLINKS_KILLS=$(KILLS) PAYLINKS_EXAMPLES=$(EXAMPLES) \
		$(BIN)/pytest $(PYTEST_ARGS) -m "long or proves_more"

check: $(DEV) ## Check format, lint, types and imports
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy $(PACKAGES:%=-p %)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV) ## Format, and mend what lint can mend
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

# uv writes the locks and pip reads them: pip obeys the machine's own settings of where packages come from, uv does not.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate $(LOCK_ARGS) \
	$(shell sed -n 's/^name = "\(paylinks[a-z-]*\)"/--no-emit-package \1/p' $(PYPROJECTS))

lock: ## Write the locks anew; pins stay unless LOCK_ARGS=--upgrade
	@test -x $(BIN)/uv || $(MAKE) $(DEV)
	$(LOCK) requirements/run.in -o requirements/run.lock
	$(LOCK) requirements/dev.in -c requirements/run.lock -o requirements/dev.lock
	@! grep -n '://' requirements/*.lock

bench: $(DEV) ## Run the benchmarks
	$(BIN)/python bench/checkouts.py

plugin: $(DEV) ## Make plugins/NAME, a plugin that passes the kit (NAME=acme)
	@$(BIN)/python -m paylinks_ports.testing.new $(NAME) plugins/$(NAME)
	@$(BIN)/ruff check --quiet --fix-only plugins/$(NAME)

clean: ## Remove .venv, caches and builds; data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	find ports core adapters web plugins tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(READY):
	@command -v $(PYTHON) >/dev/null || { echo "Paylinks needs Python 3.11 or newer; there is no $(PYTHON) on the PATH."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit("Paylinks needs Python 3.11 or newer, and $(PYTHON) is %d.%d. A newer one can be named: make run PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUN): requirements/run.lock $(PYPROJECTS) | $(READY)
	@echo "Installing into $(VENV); the first time takes about half a minute."
	@$(INSTALL) requirements/run.lock
	@$(INSTALL_OURS)
	@touch $@

# dev.lock holds all of run.lock, in the same versions, so this serves `make run` as well.
$(DEV): requirements/run.lock requirements/dev.lock $(PYPROJECTS) | $(READY)
	@echo "Installing into $(VENV) with the tools of development; the first time takes about a minute."
	@$(INSTALL) requirements/dev.lock
	@$(INSTALL_OURS)
	@touch $(RUN) $@
