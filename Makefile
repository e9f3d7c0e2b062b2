# Everything runs from a fresh clone with Python 3.13 or newer, pip, git and make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

VENV   := .venv
BIN    := $(VENV)/bin
PYTHON := $(BIN)/python
STAMP  := $(VENV)/.installed
BACKEND := examples/taskhub/backend
RUNTIME := $(wildcard $(BACKEND)/requirements.lock $(BACKEND)/requirements-dev.txt)
JOBS   ?= 2
PORT   ?=
OUT    ?= demo

.PHONY: help demo test check golden bench score contract faults fuzz clean

help:  ## Say what there is.
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

demo: $(STAMP)  ## Build the example, TaskHub, and serve it until Ctrl-C (PORT=8000 OUT=demo).
	$(BIN)/tospec demo $(PORT:%=--port %) --out $(OUT)

test: $(STAMP)  ## Run everything that must pass.
	$(PYTHON) -m tests.postgresql $(MAKE) --no-print-directory check tests-here

check: $(STAMP)  ## Check style, types and import directions.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: tests-here backend-tests
tests-here: $(STAMP)
	$(PYTHON) -m pytest -n $(JOBS) tests
	@if [ -d $(BACKEND)/tests ]; then $(MAKE) --no-print-directory backend-tests; fi

backend-tests: $(STAMP)
	cd $(BACKEND) && $(CURDIR)/$(PYTHON) -m pytest -n $(JOBS) --dist worksteal --timeout 300 --timeout-method thread tests
	@if [ -n "$$TOSPEC_TEST_POSTGRES" ]; then \
		url=$$(echo "$$TOSPEC_TEST_POSTGRES" | sed 's|^postgresql://|postgresql+asyncpg://|'); \
		cd $(BACKEND) && set -x && TEST_DATABASE_URL="$$url" $(CURDIR)/$(PYTHON) -m pytest -n $(JOBS) --dist worksteal --timeout 300 --timeout-method thread tests; \
	fi

golden: $(STAMP)  ## Accept the present output as the golden trees; review the diff.
	$(PYTHON) -m pytest -q -m golden --accept-golden tests

bench: $(STAMP)  ## Measure the tool, the start of the example, and ways to reach a database (BENCH="--sizes 10 100").
	$(PYTHON) bench/generate.py $(BENCH)
	$(PYTHON) bench/start.py
	$(PYTHON) bench/slice/run.py
	$(PYTHON) bench/runtime/run.py
	$(PYTHON) bench/jobs/run.py

score: $(STAMP)  ## Measure the verifier: faults, mutants, liars, clean runs (SCORE="faults --only lists").
	$(PYTHON) -m tests.verify.score $(SCORE)

contract: $(STAMP)  ## Count the rows of the contract with their findings, on each database (CONTRACT="--on SQLite").
	$(PYTHON) -m tests.postgresql $(PYTHON) -m tests.contract $(CONTRACT)

faults: $(STAMP)  ## Kill, freeze and cut off the example and what it needs, and count what is lost or done twice (FAULTS="--only F-42").
	$(PYTHON) -m tests.faults $(FAULTS)

fuzz: $(STAMP)  ## Fuzz the example with Schemathesis, on each database (FUZZ="--examples 300 --seed 1").
	$(PYTHON) -m tests.postgresql $(PYTHON) -m tests.contract.fuzzing $(FUZZ)

clean:  ## Remove what make has made.
	rm -rf $(VENV) .schemathesis demo dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# The first interpreter that is new enough makes the environment; a second run does nothing.
$(STAMP): pyproject.toml $(RUNTIME)
	@[ -x $(PYTHON) ] || { \
		for candidate in python3.13 python3.14 python3 python; do \
			"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 13))' 2>/dev/null || continue; \
			echo "$$candidate -m venv $(VENV)"; exec "$$candidate" -m venv $(VENV); \
		done; \
		echo "error: tospec needs Python 3.13 or newer with its venv module" >&2; exit 1; }
	$(PYTHON) -m pip install --disable-pip-version-check --quiet -e '.[dev]' $(RUNTIME:%=-r %)
	@touch $@
