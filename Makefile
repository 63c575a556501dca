# Retaguarda: `make demo` opens the sample company; `make test` checks everything.
# PYTHON= chooses the interpreter (3.11 or later), PORT= the port of the dashboard, RETAGUARDA_DATA= the data folder.
PYTHON ?= python3
PORT ?= 8501
ENVIRONMENT := .venv
BIN := $(ENVIRONMENT)/bin
STAMP := $(ENVIRONMENT)/.installed
PYTEST_ARGUMENTS ?=

export PORT
export DBT_SEND_ANONYMOUS_USAGE_STATS = false

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test check types rest_of_check format bench browser pango postgresql cron clean

help:
	@echo "make setup   the environment in $(ENVIRONMENT), from the hash-locked list"
	@echo "make demo    the sample company, loaded, built, published and opened (PORT=$(PORT))"
	@echo "make serve   the dashboard on what is published"
	@echo "make check   lint, types, SQL lint, import rules"
	@echo "make test    check, and every test"
	@echo "make test-lengthy   whole rebuilds, 200 kills of a load, 10,000 damaged files"
	@echo "make bench   the benchmarks (minutes, and some gigabytes of disk)"

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed: make setup PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || { echo "Making $(ENVIRONMENT) …"; $(PYTHON) -m venv $(ENVIRONMENT) \
		|| { rm -rf $(ENVIRONMENT); echo "Python's venv is missing: on Debian and Ubuntu, apt-get install python3-venv"; exit 1; }; }
	@echo "Installing the locked packages (a minute or two) …"
	@# ofxparse, an oracle of the tests, is published as source only.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: --no-binary=ofxparse -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)
	@echo "Ready: $(BIN)/retaguarda"

demo: setup
	@$(BIN)/retaguarda demo

serve: setup
	@$(BIN)/retaguarda serve

# The type checker keeps to one processor: the others look at the SQL meanwhile.
check: setup
	@$(MAKE) --no-print-directory -j2 types rest_of_check

types:
	$(BIN)/basedpyright --level error

rest_of_check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 0 --disable-progress-bar models macros tests/models

# Browser tests need Chromium: installed where that is possible without asking, else those tests say that they are skipped.
browser:
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests …"; \
		(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium) >/dev/null \
		|| echo "Chromium could not be installed: the browser tests are skipped."; \
	else echo "There is no Chromium here: the browser tests are skipped."; fi

# The PDF of the weekly pack is set with Pango.
pango:
	@if ! test -x $(BIN)/python || $(BIN)/python -c 'import weasyprint' >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Pango for the PDF of the weekly pack …"; \
		(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0) >/dev/null \
		|| echo "Pango could not be installed: the tests of the PDF are skipped."; \
	else echo "There is no Pango here: the tests of the PDF are skipped."; fi

# The tests of connections start a PostgreSQL of their own; its programs are installed in the same way.
postgresql:
	@if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing PostgreSQL for the tests of connections …"; \
		(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql) >/dev/null \
		|| echo "PostgreSQL could not be installed: its tests are skipped."; \
	else echo "There is no PostgreSQL here: its tests are skipped."; fi

# The crontab that `install-schedule` writes is given to the real program.
cron:
	@if ! command -v crontab >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing cron for the tests of the schedule …"; \
		(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends cron) >/dev/null \
		|| echo "cron could not be installed: its test is skipped."; fi

test: check browser pango postgresql cron
	RETAGUARDA_KILLS=$${RETAGUARDA_KILLS:-30} RETAGUARDA_MUTATIONS=$${RETAGUARDA_MUTATIONS:-400} \
		$(BIN)/python -m pytest -n auto --maxprocesses=4 --dist loadfile --no-loadscope-reorder -m "not lengthy" $(PYTEST_ARGUMENTS)

# What takes too long for every change: whole rebuilds, two hundred kills of a load, ten thousand damaged files.
test-lengthy: setup
	$(BIN)/python -m pytest -n auto --maxprocesses=4 -m lengthy $(PYTEST_ARGUMENTS)
	RETAGUARDA_KILLS=200 RETAGUARDA_MUTATIONS=10000 \
		$(BIN)/python -m pytest -n auto --maxprocesses=4 tests/ingestion/test_crash.py tests/ingestion/test_mutations.py

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(ENVIRONMENT) build dist *.egg-info .pytest_cache .ruff_cache target logs
