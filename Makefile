# `make sandbox` shows the product; `make test` tests it. Each target makes .venv if needed.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check
PIN := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header

.PHONY: help install develop sandbox serve test check format bench gallery soak mutants texts lock
help:            ## list these targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/.installed ## make .venv with what runs, and the command .venv/bin/backstop
$(BIN)/pip:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Backstop needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
.venv/.installed: requirements.lock | $(BIN)/pip
	$(PIP) install --require-hashes --no-deps -r requirements.lock
	printf '#!%s\nimport sys\nsys.path.insert(0, "%s")\nfrom bot.cli.main import main\nsys.exit(main())\n' "$(CURDIR)/$(BIN)/python" "$(CURDIR)" >$(BIN)/backstop
	chmod +x $(BIN)/backstop
	touch $@

develop: install .venv/.developed ## the same, and what tests and checks need
.venv/.developed: requirements-dev.lock | $(BIN)/pip
	$(PIP) install --require-hashes --no-deps -r requirements-dev.lock
	$(PIP) download --require-hashes --no-deps -r requirements.lock -d .venv/wheels # a test installs them again
	touch $@

sandbox: install ## the bot against a local Slack in the browser; no account needed
	$(BIN)/python -m bot sandbox $(ARGS)

serve: install   ## the bot against the Slack of .env
	$(BIN)/python -m bot serve

test: develop    ## every test, including those in the browser
	$(BIN)/pytest -n 4 --dist worksteal $(ARGS)

check: develop   ## format, lint, types, imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: develop  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: develop   ## the table of figures, ratios in one run
	$(BIN)/python -m tests.benchmarks $(ARGS)

soak: develop    ## 100,000 wrong requests; kill it 200 times on each database and count what was lost (ARGS="--kills 20")
	$(BIN)/python -m tests.soak $(ARGS)

mutants: develop ## change rules and permissions a little at a time, and print what no test notices; 30 minutes at most
	$(BIN)/python -m tests.mutants $(ARGS)

gallery: develop ## make the pictures of docs/gallery.md again; needs Chromium
	$(BIN)/python -m tests.gallery

texts: develop   ## collect the texts of the interface for translators: bot/locale/backstop.pot
	$(BIN)/python -m tests.texts

lock: develop    ## pin the dependencies of pyproject.toml again, with hashes: what runs, and what develops (ARGS=--upgrade)
	$(PIP) install uv
	$(PIN) $(ARGS) pyproject.toml -o requirements.lock
	$(PIN) $(ARGS) --constraint requirements.lock --group dev pyproject.toml -o requirements-dev.lock
