# The commands to know. They work from a clean clone, as root and as an ordinary user.
#   make run     start Anxiu: packages, front end, database, web and worker (Ctrl-C stops all of it)
#   make test    every test, on a PostgreSQL of its own        make lint    style and import rules
#   make types   Python and TypeScript types                   make bench   measure (bench/README.md)
#   make soak    kill an installation's parts under load, look for what was lost: ARGS="--minutes 2"
#   make audit   known vulnerabilities of the locked packages     make docs    write docs/reference from the program
PYTHON ?= python3
BIN = .venv/bin
ARGS ?=

.PHONY: run test lint types bench soak audit docs setup setup-test
.DEFAULT_GOAL = run

run: setup
	@exec $(BIN)/anxiu run $(ARGS)

test: setup-test
	$(BIN)/pytest $(ARGS)

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: setup-test
	$(BIN)/mypy
	$(PYTHON) scripts/setup.py npm run --silent check

bench: setup-test
	$(BIN)/python -m bench $(ARGS)

soak: setup-test
	$(BIN)/python -m soak $(ARGS)

audit:
	@$(PYTHON) scripts/audit.py

docs: setup
	$(BIN)/python scripts/reference.py

setup:
	@$(PYTHON) scripts/setup.py run

setup-test:
	@$(PYTHON) scripts/setup.py test
