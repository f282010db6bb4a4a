# Everything a contributor needs, from nothing but Python 3.11 or newer, git and make.
# `make demo` and `make test` set up .venv themselves and can be repeated as often as you like.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint types layers docs samples picture bench wheel clean

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready

# Without compiled files, every process that the tests start would compile the whole program again.
unexport PYTHONDONTWRITEBYTECODE
DEMO := build/demo

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 10

demo: $(READY) ## run the sample incident, print the shares and where the reports lie
	@rm -rf "$(DEMO)"
	@$(PY) -m attribution demo "$(DEMO)"

test: $(READY) ## run the tests, without the slow ones and those that need a browser
	@$(PY) -m pytest -q -n 2

lint: $(READY) ## check style and formatting
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

types: $(READY) ## check types
	@$(PY) -m mypy

layers: $(READY) ## check that each layer imports only the layers before it
	@$(VENV)/bin/lint-imports --no-cache

docs: $(READY) ## compile the tables, and write the reference pages of commands, tables and case.yaml anew
	@$(PY) -m attribution.tablefile
	@$(PY) -m attribution.cli.reference
	@$(PY) -m attribution.schema.reference

samples: $(READY) ## render the reports of the sample incidents anew into reports/samples
	@bash .ci/samples reports/samples

picture: $(READY) ## take the picture of the README anew from reports/samples
	@bash .ci/picture

bench: $(READY) ## measure; nothing is asserted
	@set -e; for file in tests/bench/*.py; do echo "== $$file"; $(PY) "$$file"; done

wheel: $(READY) ## build the wheel into dist/
	@$(PY) -m hatchling build -t wheel -d dist

clean: ## remove what these targets made, .venv included
	rm -rf "$(VENV)" build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# An interpreter counts if it runs: a shim on the PATH may name a version that is not installed.
$(READY): pyproject.toml
	@set -e; \
	if ! "$(PY)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		found=; \
		for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
			if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
			then found=$$candidate; break; fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo "Python 3.11 or newer is needed, and none of python3, python3.13, python3.12," >&2; \
			echo "python3.11 and python on the PATH is one. Name yours: make PYTHON=/path/to/python3" >&2; \
			exit 1; \
		fi; \
		if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
			echo "$$found has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
			exit 1; \
		fi; \
		echo "Setting up $(VENV) with $$("$$found" --version); this takes a minute or two, once." >&2; \
		rm -rf "$(VENV)"; \
		"$$found" -m venv "$(VENV)"; \
	fi; \
	"$(PY)" -m pip install -q -q --disable-pip-version-check -e '.[dev,graphviz,narrative]'; \
	touch "$(READY)"
