# Two commands do all the set-up: `make demo` runs the service, `make test` passes every test.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

.PHONY: help demo test check bench setup setup-dev system lock translations clean
help: ## Say what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: setup ## Run the service with a firm to look at, on http://127.0.0.1:8000
	$(RUN)/fourward demo

test: setup-dev ## Run every test (SQLite; PostgreSQL too where FOURWARD_TEST_POSTGRESQL names a server)
	$(RUN)/python -m pytest -n 2 --dist loadgroup

check: setup-dev ## Format, lint, types, import contracts, catalogues and migrations in step, definitions
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/fourward questionnaire check questionnaires/definitions/*/*
	$(RUN)/fourward migrate --check

bench: setup-dev ## Measure the bars of docs/benchmarks.md and print them as ratios
	$(RUN)/python -m tests.bench

setup: $(VENV)/.run system
setup-dev: $(VENV)/.dev system

system: ## Install the system packages that are missing, or name them
	@sh docs/system-packages.sh $(if $(filter test check bench setup-dev,$(MAKECMDGOALS)),dev,)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

clean: ## Remove what was installed and built here
	rm -rf $(VENV) build *.egg-info
