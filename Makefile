# holdfast: every target sets up what it needs, on a machine that has Python 3.11 and make.

PYTHON ?= python3
UV := $(or $(shell command -v uv 2>/dev/null),.bootstrap/bin/uv)
READY := .venv/.holdfast-ready
# Some tests mostly wait, for a server to be slow or a process to be killed; two workers more than processors keep these busy.
WORKERS := $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 2)')
BIN := .venv/bin

# Where it is set, each of the hundreds of processes that the tests start compiles all it imports anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install demo test lint format services clean

help:  ## says what the targets do
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

install: $(READY)  ## sets holdfast up in .venv

.bootstrap/bin/uv:
	$(PYTHON) -m venv .bootstrap
	.bootstrap/bin/python -m pip install --quiet --disable-pip-version-check uv

$(READY): pyproject.toml uv.lock | $(filter .bootstrap/bin/uv,$(UV))
	$(UV) sync --frozen --quiet
	@touch $@

demo: $(READY)  ## a whole tour on a local site of invented pages
	$(BIN)/holdfast demo

services:  ## installs what the tests need beside Python: PostgreSQL, Chromium, openssl, wget
	scripts/install-test-services

lint: $(READY)  ## linters, types and the import rule
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(READY) services lint  ## linters and the whole test suite
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

format: $(READY)  ## formats the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## removes what the other targets made
	rm -rf .venv .bootstrap .mypy_cache .ruff_cache .pytest_cache .hypothesis
