# Everything is set up in .venv from the locks in requirements/; `make help` lists the targets.

VENV := .venv
PY := $(VENV)/bin/python
LIANLUO := $(VENV)/bin/lianluo
DEMO := var/demo.db

# Stamps: what they name is installed as their locks say, so nothing is done twice.
PLACE := $(VENV)/place
RUN := $(VENV)/run.stamp
DEV := $(VENV)/dev.stamp
SELF := $(VENV)/self.stamp

# A caller's own store and configuration are not this checkout's.
unexport LIANLUO_STORE LIANLUO_CONFIG PYTHONPATH PYTHONHOME

# More words for pytest, the bench or the lock: make test ARGS='tests/domain -k deadline'
ARGS ?=

INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --no-deps
LOCKED := $(INSTALL) --only-binary :all: --require-hashes
INSTALL_SELF = if ! [ $(SELF) -nt pyproject.toml ]; then \
		$(INSTALL) --no-build-isolation --no-index --editable . >&2 && touch $(SELF); fi

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run demo test check static format-check lint types contracts licences docs-check wheel \
	format snapshots bench torture lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | \
		while IFS='|' read -r name says; do printf '%-20s %s\n' "$$name" "$$says"; done

run: $(RUN) $(DEMO) ## set up, create the demo store if there is none, and start the program
	@$(LIANLUO) --store $(DEMO)

demo: $(RUN) ## make the demo store anew, ending now
	@rm -f $(DEMO)
	@$(MAKE) --no-print-directory $(DEMO)

test: $(DEV) ## set up and run the tests
	$(PY) -m pytest --numprocesses auto --maxprocesses 8 $(ARGS)

check: static licences docs-check wheel test ## all that CI holds a change to

static: format-check lint types contracts ## the checks that run nothing: format, lint, types, imports

format-check: $(DEV)
	$(VENV)/bin/ruff format --check .

lint: $(DEV)
	$(VENV)/bin/ruff check .

types: $(DEV)
	$(VENV)/bin/mypy

contracts: $(DEV)
	$(VENV)/bin/lint-imports --no-logo

licences: $(DEV) ## may this project stand on all that is installed? known vulnerabilities where asked
	$(PY) scripts/licences.py

docs-check: $(DEV) ## is docs/ what the program says of itself?
	$(PY) docs/reference.py --check

wheel: $(DEV) ## build the wheel, install it alone, and file a report with it
	$(PY) scripts/wheel_smoke.py

format: $(DEV) ## format the code, and mend what the linter can
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

snapshots: $(DEV) ## draw the pictures of the screens anew; look at them before you commit
	$(PY) -m pytest --numprocesses 0 --snapshot-update tests/tui $(ARGS)

bench: $(RUN) ## measure the program beside others: ARGS='--scale small import startup'
	$(PY) -m bench.run $(ARGS)

FUZZ := $(VENV)/fuzz.stamp
torture: $(DEV) $(FUZZ) ## faults and hostile input for as long as ARGS='--minutes 30' says
	$(PY) -m tests.torture.run $(ARGS)

# Where there is no fuzzer for this Python or system, the other campaigns run without it.
$(FUZZ): requirements/fuzz.lock $(PLACE)
	@$(LOCKED) -r requirements/fuzz.lock >&2 || echo "There is no fuzzer here." >&2
	@touch $@

# The run lock first: the other two take its versions. ARGS=--upgrade for newer releases.
COMPILE = $(VENV)/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' $(ARGS)
lock: $(PLACE) ## write the locks of requirements/ from pyproject.toml
	$(INSTALL) 'uv>=0.9,<1'
	$(COMPILE) pyproject.toml -o requirements/run.lock
	$(COMPILE) --group build -c requirements/run.lock -o requirements/build.lock
	$(COMPILE) pyproject.toml --group dev \
		-c requirements/run.lock -c requirements/build.lock -o requirements/dev.lock
	$(COMPILE) --group bench -o requirements/bench.lock
	$(COMPILE) --group bench-posting -o requirements/bench-posting.lock
	$(COMPILE) --group fuzz -o requirements/fuzz.lock

clean: ## remove what was set up and built; var/ stays
	rm -rf $(VENV) .venv-bench build dist snapshot_report.html
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A virtual environment knows its own folder: where the checkout was moved, it is made anew.
ifneq ($(shell cat $(PLACE) 2>/dev/null),$(CURDIR))
.PHONY: $(PLACE)
endif
PYTHONS := $(or $(PYTHON),python3.11 python3 python3.12 python3.13 python3.14)
SUITS := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
$(PLACE):
	@found=; for python in $(PYTHONS); do \
		command -v "$$python" >/dev/null || continue; \
		found="$$found$${found:+, }$$python ($$("$$python" --version 2>&1))"; \
		"$$python" -c '$(SUITS)' 2>/dev/null || continue; \
		echo "Setting up $(VENV) with $$("$$python" --version)." >&2; \
		rm -rf $(VENV) && "$$python" -m venv $(VENV) && pwd -P >$@; exit; \
	done; \
	echo "Lianluo needs Python 3.11 or newer with its venv module. Found: $${found:-none}." >&2; \
	echo "Install it (Debian, Ubuntu: apt install python3 python3-venv)," \
		"or name one: make run PYTHON=/path/to/python3.11" >&2; \
	exit 1

$(RUN): requirements/run.lock requirements/build.lock pyproject.toml $(PLACE)
	@echo "Installing what Lianluo runs on; this is done once." >&2
	@$(LOCKED) -r requirements/run.lock -r requirements/build.lock >&2
	@$(INSTALL_SELF)
	@touch $@

# The dev lock holds all of the other two.
$(DEV): requirements/dev.lock pyproject.toml $(PLACE)
	@echo "Installing what the checks run on; this is done once." >&2
	@$(LOCKED) -r requirements/dev.lock >&2
	@$(INSTALL_SELF)
	@touch $@ $(RUN)

$(DEMO): | $(RUN)
	@mkdir -p $(@D) && rm -f $@-wal $@-shm
	@echo "Creating the demo store $@." >&2
	@$(LIANLUO) --store $@ init --demo >&2
