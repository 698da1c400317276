# Everything starts from Python 3.11 or newer; `make run` is the whole product on one machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Settings want these; nothing here connects to anything.
CHECKED := SECRET_KEY=checked DATABASE_URL=postgres:///checked REDIS_URL=redis://checked

.PHONY: run demo test e2e lint types migrate bench screenshots

run: $(VENV)/run-installed
	@exec $(BIN)/python -m monps.run

# The simulated market with a past, in a folder of its own; about five minutes the first time.
demo: $(VENV)/run-installed
	@MONPS_VAR=$${MONPS_VAR:-var/demo} ODDS_API_KEY= exec $(BIN)/python -m monps.run --days-before 60

# Three at once on two cores: who looks on while browsers and processes work, mostly waits.
test: $(VENV)/dev-installed
	$(BIN)/pytest -n 3 --dist worksteal tests

e2e: $(VENV)/dev-installed
	$(BIN)/pytest -m e2e tests

lint: $(VENV)/dev-installed types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/dev-installed
	$(CHECKED) $(BIN)/mypy .

# Writes the migrations that changed models ask for; `make run` applies them.
migrate: $(VENV)/dev-installed
	$(BIN)/python -m monps.embedded -- $(BIN)/python manage.py makemigrations

# Pictures of every page, in French, into docs/screenshots; needs the package chromium.
screenshots: $(VENV)/dev-installed
	$(BIN)/python -m screenshots

# The competitors we measure ourselves against are in an environment of their own.
bench: .venv-bench/installed
	.venv-bench/bin/python -m benchmarks

$(VENV)/run-installed: requirements.txt requirements-embedded.txt | $(VENV)/made
	@echo "Installing what MON_PS needs into $(VENV) (once) ..."
	@$(PIP) -r requirements.txt -r requirements-embedded.txt
	@touch $@

$(VENV)/dev-installed: requirements.txt requirements-embedded.txt requirements-dev.txt | $(VENV)/made
	@echo "Installing what the tests need into $(VENV) (once) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/run-installed

.venv-bench/installed: requirements.txt requirements-embedded.txt benchmarks/requirements.txt | .venv-bench/made
	@echo "Installing what the benchmarks need into .venv-bench (once) ..."
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check \
		-r requirements.txt -r requirements-embedded.txt -r benchmarks/requirements.txt
	@touch $@

%/made:
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name one with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "MON_PS needs Python 3.11 or newer, and $(PYTHON) is older: name one with PYTHON=python3.12 make run" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make virtual environments: apt install python3-venv (as root), then try again." >&2; exit 1; }
	@test -x $*/bin/pip || $(PYTHON) -m venv --clear $*
	@touch $@
