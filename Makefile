# Works with git, make and python3 (3.11 or newer, with venv). Another python: make env PYTHON=python3.12
PYTHON ?= python3
# two processes; nbval needs the cells of a notebook in one of them
PYTEST_ARGS ?= -n 2 --dist loadfile
VENV := .venv
BIN := $(VENV)/bin
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready
# what the build is compared with has an environment of its own: no polars or DuckDB in the monitor's
BENCH := .venv-bench
# and so has what puts errors into the code, to see whether the tests notice
MUTANTS := .venv-mutants
BENCH_ROWS ?= 100000 1000000

.PHONY: help env chromium build lab notebooks handbook test fuzz mutants bench bench-build duel format clean

help:
	@echo "make lab        open the monitor in JupyterLab (makes the environment, builds the data)"
	@echo "make test       everything that CI checks"
	@echo "make fuzz       the long tier: a hundred hostile lists of every kind, clicks under 200 random selections, and more"
	@echo "make mutants    by hand: how much the tests of amounts, dates, names, placements, credit and headers notice"
	@echo "make build      read data/raw again and write data/clean"
	@echo "make notebooks  execute all notebooks in place"
	@echo "make handbook   make the pictures of docs/handboek again"
	@echo "make bench      how long a new selection takes, for 57 to 100,000 projects, and in the browser; then make bench-build and duel"
	@echo "make bench-build  how long the build takes beside pandas, polars and DuckDB (BENCH_ROWS=\"$(BENCH_ROWS)\")"
	@echo "make duel       200 lists with one trouble each: who loses rows or cents without a word, beside pandas, polars and DuckDB"
	@echo "make format     let ruff lay out the code"
	@echo "make env        only make the environment (.venv)"
	@echo "make clean      remove the environment and caches (data and outputs stay)"

env: $(READY)

# The pins. A lock that only got a new date, not new content, costs nothing.
$(LOCKED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "The WMO monitor needs Python 3.11 or newer, and $(PYTHON) is older or missing: install one, then say  make env PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "This Python has no venv module: install it (Debian and Ubuntu: sudo apt-get install python3-venv) and try again."; exit 1; }
	@if [ -x $(BIN)/python ] && cmp -s requirements.lock $(LOCKED); then touch $(LOCKED); else \
	  echo "Making the environment in $(VENV) (about a minute) ..." && rm -rf $(VENV) && \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock && \
	  cp requirements.lock $(LOCKED); fi

# Our own package, editable. Apart from the pins, since pip refuses an editable beside hashes.
$(READY): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps -e .
	@touch $(READY)

# What the browser tests and the pictures of a memo need and pip cannot bring
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Chromium ..." && \
	    apt-get update -qq && apt-get install -y -qq chromium fonts-liberation >/dev/null; } || \
	  { echo "Chromium is missing: install it (Debian and Ubuntu: sudo apt-get install chromium fonts-liberation) and try again."; exit 1; }

build: env
	$(BIN)/wmo build

lab: env
	$(BIN)/wmo lab

notebooks: build
	$(BIN)/python tests/run_notebooks.py

# The last step is one pytest run: the tests, then every notebook executed and compared with its saved outputs.
# In one process: make test PYTEST_ARGS=
test: env chromium
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python tests/run_notebooks.py --check
	$(BIN)/python -m pytest --nbval --nbval-current-env --nbval-cell-timeout=120 $(PYTEST_ARGS) tests notebooks

# a hundred hostile lists of every kind; five of each are part of make test
fuzz: env
	$(BIN)/python -m pytest -m fuzz tests

# one area: make mutants AREAS=credit
mutants: env $(MUTANTS)/.ready
	$(BIN)/python benchmarks/mutants.py $$(echo $(MUTANTS)/lib/python3*/site-packages) $(AREAS)

$(MUTANTS)/.ready: benchmarks/mutants.txt
	@echo "Making the environment of the mutants in $(MUTANTS) ..." && rm -rf $(MUTANTS) && $(PYTHON) -m venv $(MUTANTS) && \
	  $(MUTANTS)/bin/python -m pip install -qq --disable-pip-version-check -r benchmarks/mutants.txt && touch $@

# the pictures in docs/handboek, from the dashboard as it is now
handbook: build chromium
	$(BIN)/python tests/make_handbook_pictures.py

bench: build chromium
	$(BIN)/python benchmarks/selection.py
	$(BIN)/python benchmarks/dashboard.py
	$(MAKE) bench-build
	$(MAKE) duel

bench-build: env $(BENCH)/.ready
	$(BIN)/python benchmarks/build.py --rows $(BENCH_ROWS) --peers $(BENCH)/bin/python

duel: env $(BENCH)/.ready
	$(BIN)/python benchmarks/duel.py --peers $(BENCH)/bin/python

$(BENCH)/.ready: benchmarks/requirements.txt
	@echo "Making the environment of the peers in $(BENCH) ..." && rm -rf $(BENCH) && $(PYTHON) -m venv $(BENCH) && \
	  $(BENCH)/bin/python -m pip install -qq --disable-pip-version-check -r benchmarks/requirements.txt && touch $@

format: env
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

clean:
	rm -rf $(VENV) $(BENCH) $(MUTANTS) *.egg-info build dist .pytest_cache .ruff_cache .hypothesis data/clean.part*
	find wmo_analysis tests benchmarks notebooks -name __pycache__ -o -name .ipynb_checkpoints 2>/dev/null | xargs rm -rf
