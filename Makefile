# Everything starts here. Each target installs what it needs first; a shell, make, python3 and the package index are enough.
UV := $(or $(shell command -v uv 2>/dev/null),.tools/uv/bin/uv)
RUN := $(UV) run --frozen --all-extras
PORT ?= 8017
OPEN ?= 1

.PHONY: help demo test matrix test-postgres test-all catalogue practice audit check bench faults soak evaluate mutation pictures install format clean

help:  ## Show these targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

install: .venv/.installed  ## Install everything into .venv

.tools/uv/bin/uv:
	@python3 -m venv .tools/uv 2>/dev/null || { echo "This needs Python's venv module (Debian: apt install python3-venv)."; exit 1; }
	@.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

.venv/.installed: pyproject.toml uv.lock | $(if $(filter .tools/%,$(UV)),$(UV))
	@$(UV) sync --quiet --frozen --all-extras --compile-bytecode
	@touch $@

demo: install  ## Try Oogst in a practice Slack (PORT=8017, OPEN=0 for no browser window)
	@$(RUN) oogst demo --port $(PORT) $(if $(filter 0,$(OPEN)),--no-open)

test: install  ## Run the tests; says in its last lines what it left out
	@$(RUN) pytest -n 2 --dist loadgroup -m "not matrix and not outside and not release" $(ARGS)
	@echo "The same again in every size and language: make test-all."

matrix: install  ## Run the long tests only
	@$(RUN) pytest -n 2 --dist loadgroup -m "matrix and not outside and not alone" $(ARGS)
	@$(RUN) pytest -n 0 -m "alone" $(ARGS) || [ $$? -eq 5 ]

test-postgres: install  ## Run the tests of storage and handlers on PostgreSQL instead of SQLite
	@OOGST_TEST_DATABASE=postgresql $(RUN) pytest -n 2 --dist loadgroup -m "not matrix" tests/storage tests/handlers $(ARGS)

test-all: test matrix test-postgres  ## Run the tests, and the long ones too

catalogue: install  ## Try everything that may never go wrong, and write docs/catalogue.md (ARGS="-k test_a5_": one row, writes nothing)
ifeq ($(ARGS),)
	@rm -f build/catalogue.json; mkdir -p build
	@OOGST_CATALOGUE=build/catalogue.md; export OOGST_CATALOGUE; held=0; \
	$(RUN) pytest -n 2 --dist loadgroup -m "catalogue and not release and not alone" || held=1; \
	$(RUN) pytest -n 0 -m "catalogue and not release and alone" || held=1; \
	cp build/catalogue.md docs/catalogue.md; exit $$held
else
	@$(RUN) pytest -n 2 --dist loadgroup -m "catalogue and not release" $(ARGS)
endif

practice: install  ## See that every element of practice is shown, and write docs/practice.md
	@OOGST_PRACTICE=docs/practice.md $(RUN) pytest -n 2 --dist loadgroup -m "practice and not release and not outside" $(ARGS)

audit: install  ## Ask for known holes in what is installed (needs the internet)
	@$(RUN) pytest -q -m outside

check: install  ## Format, lint, types and import rules
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@$(RUN) mypy
	@$(RUN) lint-imports --no-cache

format: install  ## Put the code in the house style
	@$(RUN) ruff format .
	@$(RUN) ruff check --fix .

bench: install  ## Measure against baselines in the same run; writes build/bench.json
	@$(RUN) python -m tests.bench

faults: install  ## Kill the bot at every place, beside the usual ways to post, and write docs/faults.md (ARGS="--runs 2 --seeds 2": a taste)
	@$(RUN) python -m tests.faults $(ARGS)

soak: install  ## Live a year of twelve regions in which one call in twenty fails, and write it into docs/faults.md
	@$(RUN) python -m tests.faults.soak $(ARGS)

evaluate: install  ## Measure the digests beside baselines and write docs/synthesis-scores.md (ARGS=--quick: a minute, writes nothing)
	@$(RUN) python -m tests.evaluate $(ARGS)

mutation: install  ## Change the code that classifies, authorises, redacts and escapes, and see that tests notice (L7)
	@$(RUN) pytest -s -q -m release tests/catalogue/test_l_coverage.py

pictures: install  ## Take the pictures in docs/pictures anew
	@OOGST_PICTURES=docs/pictures $(RUN) pytest tests/journeys/test_tour.py -m browser -n 0

clean:  ## Remove what was installed and built here
	rm -rf .venv .tools build .mypy_cache .ruff_cache .pytest_cache .hypothesis
