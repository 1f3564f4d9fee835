SHELL := /bin/sh
PYTHON ?= python3
RUN := .venv/bin
WORKERS ?= 2
DEMO := .demo

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check bench clean python

help: ## say what each target does
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: python ## make the virtual environment and install everything (minutes the first time)
	@$(PYTHON) tools/setup.py

setup-dev: python
	@$(PYTHON) tools/setup.py --dev

demo: setup ## make the demo company, answer three questions, open the chat on a terminal
	@test -f $(DEMO)/quarry.toml || $(RUN)/quarry init --demo $(DEMO)
	@$(RUN)/quarry index --workspace $(DEMO)
	@printf '%s\n' \
	  "What was our revenue by month this year?" \
	  "Top 5 products by revenue in Germany last month" \
	  "How many customers signed up last week?" \
	  | $(RUN)/quarry ask --workspace $(DEMO) - || [ $$? -eq 10 ]
	@if [ -t 0 ] && [ -t 1 ]; then $(RUN)/quarry chat --workspace $(DEMO); \
	  else echo "On a terminal the chat opens here: $(RUN)/quarry chat --workspace $(DEMO)"; fi

test: setup-dev check ## check everything and run the tests
	@$(RUN)/python -m pytest -n $(WORKERS) --dist loadfile

check: setup-dev ## ruff, mypy and the floors of the rooms
	@$(RUN)/ruff check .
	@$(RUN)/mypy
	@$(RUN)/lint-imports --no-logo

bench: setup-dev ## time a question, part by part
	@$(RUN)/python -m tests.bench

clean: ## remove the environment, the demo workspace and all caches
	@rm -rf .venv $(DEMO) .build .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "Python 3.11 or newer is needed and '$(PYTHON)' was not found; install it, or name it: make setup PYTHON=python3.12" >&2; \
	  exit 1; }
