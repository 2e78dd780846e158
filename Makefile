# Two commands do all the set-up: `make demo` runs the service, `make test` passes every test.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

.PHONY: help demo test check bench calibrate endure setup setup-dev lock clean
help: ## Say what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: setup ## Run the service with firms, a workshop and a programme to look at, on http://127.0.0.1:8000
	$(RUN)/fourward demo

test: setup-dev ## Run every test (SQLite; PostgreSQL too where FOURWARD_TEST_POSTGRESQL names a server)
	$(RUN)/python -m pytest -n 2 --dist loadgroup

check: setup-dev ## Format, lint, types, import contracts, catalogues and migrations in step, definitions
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/fourward questionnaire check questionnaires/definitions/*/*
	$(RUN)/fourward translations check
	$(RUN)/fourward migrate --check

bench: setup-dev ## Measure the bars of docs/benchmarks.md and print them as ratios
	$(RUN)/python -m tests.bench

calibrate: setup-dev ## Measure over simulated rooms how far rank bars and chances can be relied on (two minutes; docs/method.md)
	$(RUN)/python -m tests.calibrate

endure: setup-dev ## Kill the server 30 times while 40 devices save, and run the save protocol 500 x 50 steps (half an hour)
	FOURWARD_LONG=1 $(RUN)/python -m pytest -q -o log_cli=true -o log_cli_level=INFO tests/app/test_kill.py tests/assessment/test_saving_protocol.py

setup: $(VENV)/.run ## Install what running needs
	@.ci/system-packages
setup-dev: $(VENV)/.dev ## Install what the tests and checks need
	@.ci/system-packages test

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) || { echo "Fourward needs Python 3.11 or newer with venv (Debian: python3-venv)." >&2; exit 1; }

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

lock: ## Pin all dependencies anew, with hashes (needs the `uv` program)
	uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements.txt
	uv pip compile -q pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements.txt -o requirements-dev.txt

clean: ## Remove what was installed and built here
	rm -rf $(VENV) build *.egg-info
