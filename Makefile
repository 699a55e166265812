# Everything a person types in this repository. `make help` lists it.
# Works with GNU make 3.81 and later, as root or not, without HOME and without an activated environment.

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
SITE := .cache/site-venv
SHIPPED := .cache/shipped-venv
HOST ?= 127.0.0.1
PORT ?= 8000

# Somebody else's Python settings must not leak in.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore
# Without a home, pip and the browser's driver would write to the root of the disk.
ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/.cache/home
export PIP_CACHE_DIR := $(CURDIR)/.cache/pip
endif

PIP_INSTALL = $(PY) -m pip install --quiet
FITS = import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
LOCK = uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --universal --no-header

.PHONY: help setup demo test format check soak scan stranger bench docs privacy reliability site words accuracy parameters pictures lock

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  HOST, PORT and DEMO_JSON=FILE are honoured by make demo."

setup: $(VENV)/.installed ## Make the environment .venv from the hashed locks, nothing else

demo: setup ## Serve a throw-away clinic with believable data on http://HOST:PORT
	@$(VENV)/bin/feedback demo --host "$(HOST)" --port "$(PORT)" $(if $(DEMO_JSON),--json "$(DEMO_JSON)")

test: $(VENV)/.tested ## Run every test: both databases, browser included
	$(PY) -m tests.support.browsers
	$(PY) -m pytest -n logical --dist worksteal $(ARGS)

format: $(VENV)/.tested ## Write code, templates and style sheets in the layout that `make check` asks for
	$(PY) -m ruff format .
	$(VENV)/bin/djhtml --tabwidth 2 templates
	$(PY) -m tests.support.sheets

check: $(VENV)/.tested ## Format, lint, types, import contracts, templates, documents: under a minute
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djhtml --tabwidth 2 --check templates
	$(VENV)/bin/djlint --quiet --lint templates
	$(PY) -m deptry --no-ansi .
	$(PY) -m pytest --quiet -p no:randomly -m "not browser" tests/house

soak: $(VENV)/.tested ## Run every test as deep as it goes (SOAK=1): every page to axe in every combination; takes hours
	$(PY) -m tests.support.browsers
	SOAK=1 $(PY) -m pytest -n logical --dist worksteal $(ARGS)

scan: $(VENV)/.tested ## Let a black-box scanner (Wapiti, in a scratch folder) at every surface as each role; half an hour
	@$(PY) -m tests.support.scan

stranger: $(VENV)/.tested ## From an empty Debian to a clinic in use, as docs/for-operators.md says; as root, with debootstrap
	$(PY) -m tests.support.stranger

bench: $(VENV)/.tested $(SHIPPED)/.installed ## Measure the hot paths against limits measured in the same run; writes docs/performance.md
	$(PY) -m benchmarks

docs: $(VENV)/.tested ## Write docs/commands.md, docs/roles.md and docs/settings.md anew from the code
	$(PY) -m tests.support.reference_pages

site: $(VENV)/.tested $(SITE)/.installed ## Build the documents as a site in site/; a link that leads nowhere ends it
	@$(PY) -m tests.support.site
	$(SITE)/bin/python -m mkdocs build --quiet --clean

reliability: $(VENV)/.tested ## Take what the last runs measured of faults into docs/reliability.md
	$(PY) -m tests.support.reliability_page

privacy: $(VENV)/.tested ## Run the attack suite and keep what it measured in docs/privacy.md; refuses when a gate is missed
	@$(PY) -m tests.support.privacy_page

words: $(VENV)/.tested ## Bring the catalogues of every language up to what the pages say
	$(PY) -m tests.support.catalogues

accuracy: $(VENV)/.installed ## Score the detector in the simulated worlds and write docs/detection.md anew (minutes)
	$(VENV)/bin/feedback evaluate --document docs/detection.md --plots docs/pictures

parameters: $(VENV)/.installed ## Make the detector's frozen parameters anew from the simulator (minutes)
	$(PY) -m benchmarks.freeze

pictures: $(VENV)/.tested ## Take the pictures of the README anew from the demo
	$(PY) -m tests.support.pictures

lock: ## Resolve the locks anew (needs uv)
	$(LOCK) --group build --output-file requirements-build.lock
	$(LOCK) --extra postgres --output-file requirements.lock pyproject.toml
	$(LOCK) --extra postgres --extra oidc --group dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	$(LOCK) --extra postgres --extra oidc --constraint requirements-dev.lock --output-file requirements-oidc.lock pyproject.toml
	$(LOCK) --group docs --constraint requirements-dev.lock --output-file requirements-docs.lock

# Stamps: each is older than nothing it stands for, so a second `make` does nothing.
$(VENV)/.made: requirements-build.lock
	@mkdir -p .cache; \
	if ! $(PY) -c '$(FITS)' 2>/dev/null; then \
		find_python() { \
			for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
				"$$python" -c '$(FITS)' 2>/dev/null && return; \
			done; return 1; \
		}; \
		if ! find_python && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv; \
		fi; \
		find_python || { \
			echo "Python 3.11 or later with venv and pip is needed. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
			exit 1; \
		}; \
		echo "Making $(VENV) with $$python"; \
		"$$python" -m venv --clear $(VENV); \
	fi
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip
	@$(PIP_INSTALL) --require-hashes -r requirements-build.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing what Rapport needs"
	@$(PIP_INSTALL) --require-hashes -r requirements.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements-dev.lock
	@echo "Installing what its tests need"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

# What an installation has and nothing else: Pillow and rich, which only tests need, are imported by whoever finds them.
$(SHIPPED)/.installed: $(VENV)/.made requirements.lock pyproject.toml
	@$(PY) -m venv --clear $(SHIPPED)
	@$(SHIPPED)/bin/python -m pip install --quiet --require-hashes -r requirements-build.lock
	@$(SHIPPED)/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(SHIPPED)/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(SITE)/.installed: $(VENV)/.made requirements-docs.lock
	@$(PY) -m venv --clear $(SITE)
	@$(SITE)/bin/python -m pip install --quiet --require-hashes -r requirements-docs.lock
	@touch $@
