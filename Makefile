# What can be done here; `make help` lists it. Everything runs in .venv, made on first use.
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
WORKERS ?= auto
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run setup test test-sqlite test-postgres quick check fmt bench audit

help: ## List these targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

run: ## Install, prepare and start the site on 127.0.0.1:8000 (PORT, DATA_DIR, DEMO=0)
	@tools/setup.sh base
	@exec $(PY) -m tools.serve

setup: ## Install what developing and testing need into .venv
	@tools/setup.sh dev

test: test-sqlite test-postgres ## Run all tests on SQLite, then all on PostgreSQL

test-sqlite: setup ## Run all tests on SQLite (ARGS="tests/duties -k overdue")
	$(PYTEST) -n $(WORKERS) --dist worksteal $(ARGS)

test-postgres: setup ## Run all tests on PostgreSQL: TEST_DATABASE_URL, or one started for the run
	$(PY) -m tools.postgres $(PYTEST) -n $(WORKERS) --dist worksteal $(ARGS)

quick: setup ## Run the tests that need neither browser nor services, on SQLite
	$(PYTEST) -n $(WORKERS) --dist worksteal -m "not browser and not services" $(ARGS)

check: setup ## Lint, types, layers, migrations, templates, production settings
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy .
	.venv/bin/lint-imports
	git -c safe.directory='*' ls-files -z 'templates/*.html' | xargs -0 --no-run-if-empty .venv/bin/djade --target-version 5.2 --check
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) -m tools.check_production

fmt: setup ## Put code and templates in order
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
	git -c safe.directory='*' ls-files -z 'templates/*.html' | xargs -0 --no-run-if-empty .venv/bin/djade --target-version 5.2

bench: setup ## Measure: one JSON line for each figure, its floor beside it
	$(PYTEST) tests/benchmarks -o python_files="bench_*.py" -p no:randomly -q -s $(ARGS)

audit: setup ## Look at every page, for every role and width, with axe in a real browser
	AUDIT=1 $(PYTEST) tests/audit -p no:randomly -n $(WORKERS) $(ARGS)
