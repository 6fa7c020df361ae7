# Everything runs in .venv, built from requirements.lock. `make` alone says what there is.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed
BROWSER := .venv/.browser
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python

# Starting anything takes twice as long where Python keeps no bytecode.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: report test lab notebooks bench lock clean help

report: $(READY) ## Run every notebook over data/ and write the site to build/site/index.html
	@$(BIN)/python -m analysis report

test: $(READY) $(BROWSER) ## Run all tests, those in a browser too
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

lab: $(READY) ## Open the notebooks in JupyterLab
	@$(BIN)/python -m jupyter lab $$([ "$$(id -u)" = 0 ] && echo --allow-root) notebooks

notebooks: $(READY) ## Run the notebooks again; their outputs go into notebooks/ and README.md
	@$(BIN)/python -m analysis notebooks

bench: $(READY) ## Measure how fast each step is (ARGS=--help says what else)
	@$(BIN)/python tests/bench.py $(ARGS)

lock: $(READY) ## Choose package versions anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --group setup --all-extras \
	  --no-emit-index-url --generate-hashes --no-header --output-file requirements.lock pyproject.toml

clean: ## Remove .venv, build/ and caches (never anything in data/)
	rm -rf .venv build .pytest_cache .hypothesis *.egg-info

help: ## Say what each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo 'PYTHON=/path/to/python chooses the interpreter (3.11 or newer) when .venv is first made.'

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
	  "$(PYTHON) is missing or older than 3.11: make PYTHON=/path/to/a/newer/python" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo \
	  "$(PYTHON) cannot make environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo 'Setting up .venv ...'
	@$(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/# via/p' requirements.lock > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@$(UV) --require-hashes -r requirements.lock
	@$(UV) --no-deps --no-build-isolation -e .
	@touch $@

# Chromium: the one that CHROMIUM names or that is on PATH, else Debian's package, else Playwright's own.
$(BROWSER): | $(READY)
	@for name in $$CHROMIUM chromium chromium-browser google-chrome; do \
	    command -v $$name >/dev/null && break; done || \
	  { [ "$$(id -u)" = 0 ] && grep -q '^ID=debian' /etc/os-release && apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; } || \
	  $(BIN)/python -m playwright install chromium
	@touch $@
