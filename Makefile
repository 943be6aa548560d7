# Two commands do all their own set-up (Python 3.11 or newer, in .venv): make demo, make test.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test golden fuzz clean

demo: .venv/run.stamp ## the whole job on the bundled sample, offline; prints how to open it
	$(BIN)/python -m generator demo

test: .venv/dev.stamp ## style, types and tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal # compiled once

golden: .venv/dev.stamp ## write the golden pages and feeds anew; review them with git diff
	$(BIN)/python -m tests.golden

MINUTES ?= 10
fuzz: .venv/fuzz.stamp ## every reader of foreign bytes, for MINUTES in all; finds go to .cache/fuzz
	$(BIN)/python -m tests.fuzz.atheris_fuzz $(MINUTES) $(TARGETS)

clean:
	rm -rf .venv .cache demo site

.venv/run.stamp: requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Daybook needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

.venv/fuzz.stamp: requirements-fuzz.lock .venv/dev.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.lock
	touch $@
