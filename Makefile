# Everything a person types. Each target first makes .venv from the lock file, with Python and pip alone.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The first of these that is 3.11 or newer. Another one: make demo PYTHON=/path/to/python3
PYTHON ?= $(shell for each in python3.11 python3 python3.12 python3.13 python3.14; do \
  $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; \
done)

.PHONY: help demo sandbox test check words bench audit soak crash month run lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## Animate one photograph offline, without any account, and write the video
	@$(BIN)/python -m sandbox demo

sandbox: $(READY) ## Serve a page that looks like Discord, to try the bot offline
	@$(BIN)/python -m sandbox

test: $(READY) ## Run every test
	@$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term-missing:skip-covered

check: $(READY) ## Check format, lint, types and import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

words: $(READY) ## Add new sentences to the translations, and drop those that are gone
	@$(BIN)/python -m cogs.locales

bench: $(READY) ## Measure, side by side
	@$(BIN)/python -m bench

# pip-audit is no part of .venv: it has needs of its own, and is wanted once a release.
audit: $(READY) ## Ask PyPI about known holes in the locked packages, and record the answer
	@$(BIN)/python -m venv $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	@{ $(VENV)/audit/bin/pip-audit --require-hashes --disable-pip --format json -r requirements.lock || true; } | \
	  $(BIN)/python -m tests.audit

soak: $(READY) ## Two hours of orders in accelerated time: does anything grow?
	@$(BIN)/python -m bench.soak --minutes 120

# Another size: make crash CRASH="--orders 100 --kills 10". On a PostgreSQL of its own: --postgres
CRASH ?= --orders 3000 --kills 160

crash: $(READY) ## Kill the bot again and again under load, and count what came of it
	@$(BIN)/python -m bench.crash $(CRASH)

# On a PostgreSQL of its own: make month MONTH=--postgres
MONTH ?=

month: $(READY) ## Play a busy guild's month in simulated time, and check the books every midnight
	@$(BIN)/python -m tests.month $(MONTH)

run: $(READY) ## Run the bot with the settings in .env
	@$(BIN)/python bot.py

# uv only for this: pip can't lock for every platform at once. UPGRADE=--upgrade takes new versions.
UV ?= uv
LOCK = $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --annotation-style line $(UPGRADE)

lock: ## Write the lock files from pyproject.toml (needs uv)
	$(LOCK) --group dev --output-file requirements-dev.lock
	$(LOCK) --constraints requirements-dev.lock --output-file requirements.lock

clean: ## Remove .venv and caches; data/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment whose Python was upgraded away, or that lost its packages, is made anew.
WHOLE := $(shell $(BIN)/python -c 'import sys; from importlib.util import find_spec as found; \
  sys.exit(not (found("discord") and found("simcord")))' 2>/dev/null && echo yes)
ifneq ($(WHOLE),yes)
.PHONY: $(READY)
endif

# Debian's Python can come without ensurepip: then the pip beside it fills the environment.
$(READY): requirements-dev.lock
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed, and none was found." >&2; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV)
	@printf 'Setting up %s, once: about 200 MB to fetch, a minute or so ' $(VENV)
	@pip="$(BIN)/python -u -m pip"; \
	$$pip --version >/dev/null 2>&1 || pip="$(PYTHON) -u -m pip --python $(BIN)/python"; \
	$$pip install --disable-pip-version-check --progress-bar off --no-compile --require-hashes -r requirements-dev.lock | \
	while read -r word rest; do case $$word in \
	  Collecting) printf . ;; \
	  Installing) printf ' installing ' ;; \
	esac; done || { printf '\nThat failed, and the reason stands above. Nothing was changed outside %s.\n' $(VENV) >&2; exit 1; }
	@echo ' done.'
	@touch $@
