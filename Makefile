# Every target brings what it needs: a virtual environment in .venv, uv in it, the locked dependencies.
# Pass options on with ARGS, such as: make demo ARGS=--exit

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
# Where it is set, each start of a service compiles its modules again, which takes as long as all the rest of a start.
unexport PYTHONDONTWRITEBYTECODE
# Tests' servers write to memory where there is room: a slow disk keeps them waiting, and nobody needs what they wrote.
export PYTEST_DEBUG_TEMPROOT ?= $(shell df --output=avail /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 > 8e6 {print "/dev/shm"}')
PROJECTS := pyproject.toml shared/pyproject.toml $(wildcard services/*/pyproject.toml) deploy/pyproject.toml

.PHONY: help setup demo up down status test test-long browser tour unit bench repeats faults soak check monitor-check schemas format clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  \033[1m%-13s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready ## Make the virtual environment with all dependencies, as locked

$(VENV)/.ready: uv.lock $(PROJECTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Linli needs Python 3.11 or newer. Name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test -x $(BIN)/uv || { \
		echo "Making $(VENV) ..."; \
		$(PYTHON) -m venv $(VENV) || { echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); }
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --locked --inexact --all-packages --group dev --compile-bytecode
	@touch $@

demo: setup ## Run the main job on the embedded stack: the sample's 49 submissions, to the end (ARGS=--exit stops it after)
	@$(BIN)/linli demo $(ARGS)

up: setup ## Start the embedded stack: Kafka, MongoDB and the services (ARGS=--detach)
	@$(BIN)/linli up $(ARGS)

down: setup ## Stop it
	@$(BIN)/linli down $(ARGS)

status: setup ## Say how it is
	@$(BIN)/linli status $(ARGS)

test: setup ## Run all tests on a real Kafka and MongoDB (ARGS="-k routing" for some)
	@$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

faults: setup ## Hurt a system of its own in every way, about ten minutes, and say what became of it (ARGS="--only kill_kafka")
	@$(BIN)/python -m tests.faults --faults 80 --seconds 600 $(ARGS)

soak: setup ## The long one: 200 faults and 100,000 acknowledged submissions
	@$(BIN)/python -m tests.faults --faults 200 --seconds 14400 --submissions 100000 --rate 50 $(ARGS)

test-long: setup ## Run the tests that take minutes: a short set of faults, its checker against broken builds, every bench once
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --locked --inexact --quiet --all-packages --group bench
	@$(BIN)/pytest -m long $(ARGS)

browser: setup ## Look at the portal's pages in Chromium (LINLI_SCREENSHOTS=FOLDER keeps what it sees)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
		{ echo "Chromium is missing. On Debian and Ubuntu: apt install --no-install-recommends chromium fonts-noto-cjk" >&2; exit 1; }
	@$(BIN)/pytest tests/browser --numprocesses 2 $(ARGS)

tour: setup ## Run the demo, do all three roles' work on it in Chromium, and make the pictures of docs/tour.md anew
	@LINLI_SCREENSHOTS=.linli/screenshots $(BIN)/pytest tests/browser/test_journey_demo.py --numprocesses 0 $(ARGS)
	@$(BIN)/python -m tests.browser.tour .linli/screenshots

unit: setup ## Run the tests that open no socket
	@$(BIN)/pytest tests/unit tests/contract $(ARGS)

bench: setup ## Measure throughput and latency beside peers; bench/results.json (ARGS="--only accept", --smoke, --full)
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --locked --inexact --quiet --all-packages --group bench
	@$(BIN)/python -m bench $(ARGS)

repeats: setup ## Measure how well likely repeats are found, on what nothing was tuned on (ARGS=--development for the rest)
	@$(BIN)/python -m bench.repeats $(ARGS)

check: setup ## Lint, format, types, the rules of who imports whom, event schemas and documents, the lock file
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy shared/linli services/intake/intake services/workflow/workflow services/notify/notify services/neighbourhood/neighbourhood services/portal/portal deploy/linli_cli
	@$(BIN)/lint-imports
	@$(BIN)/python -m linli.contracts.schemas
	@$(BIN)/python -m linli.contracts.asyncapi
	@$(BIN)/uv lock --check --quiet

monitor-check: ## Check the monitoring's configuration and alert rules, and run the rules' cases
	@command -v promtool >/dev/null || \
		{ echo "promtool is missing. On Debian and Ubuntu: apt install --no-install-recommends prometheus" >&2; exit 1; }
	@promtool check config deploy/monitor/prometheus.yml
	@promtool test rules deploy/monitor/alerts.test.yml

schemas: setup ## Bring the committed event schemas and AsyncAPI documents up to date (refuses a breaking change)
	@$(BIN)/python -m linli.contracts.schemas --write
	@$(BIN)/python -m linli.contracts.asyncapi --write

format: setup ## Format the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

clean: down ## Stop the stack and remove its data, logs and keys
	@test ! -d .linli/renewal || LINLI_HOME=.linli/renewal $(BIN)/linli down
	rm -rf .linli
