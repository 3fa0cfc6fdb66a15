# Thin names for dev.py and the tools of the project; `make` alone lists them.
# A target that needs .venv sets it up through dev.py: nothing has to be installed by hand.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
ARGS ?=
TRANSLATIONS := workflow_app/translations
CORE := workflow_app/assessment/*,workflow_app/states/*,workflow_app/states/definitions/*,workflow_app/states/definitions/case/*,workflow_app/states/pictures/*,workflow_app/case_types/*,workflow_app/documents/*/*,workflow_app/gate/__init__.py,workflow_app/gate/audit.py

.DEFAULT_GOAL := help
.PHONY: help run test check setup fmt lock migration coverage wheel bench i18n pictures clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Serve the demo centre (PORT=8000, ARGS="--fresh")
	$(PYTHON) dev.py run --port $(PORT) $(ARGS)

test: ## Every check and every test, the browser included (ARGS for pytest)
	$(PYTHON) dev.py test $(ARGS)

check: ## ruff, mypy, import contracts and all tests but those in a browser (ARGS for pytest)
	$(PYTHON) dev.py check $(ARGS)

setup: ## Make .venv from requirements.lock, or do nothing if it is up to date
	$(PYTHON) dev.py setup

fmt: setup ## Format the code and mend what ruff can mend safely
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock: ## Write requirements.lock anew from pyproject.toml (ARGS="--upgrade" for new versions)
	$(PYTHON) dev.py lock $(ARGS)

coverage: setup ## Branch coverage: the core in full, the whole at 95 %
	$(BIN)/coverage erase
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser" --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --fail-under=100 --include="$(CORE)"

wheel: setup ## Build the wheel into dist/
	$(BIN)/python -m hatchling build -t wheel

bench: setup ## Measure pages at 1,000 and 10,000 cases, and the act beside raw SQL, into build/bench (ARGS for pages.py)
	PYTHONPATH=. $(BIN)/python benchmarks/pages.py --cases 1000 10000 --json build/bench/pages.json $(ARGS)
	PYTHONPATH=. $(BIN)/python benchmarks/perform.py --json build/bench/perform.json

migration: setup ## Write the next migration from the tables as they are declared (NAME="a word")
	$(BIN)/python -m workflow_app.db.draft_migration "$(NAME)"
	$(BIN)/ruff check --fix-only --quiet workflow_app/db/migrations
	$(BIN)/ruff format workflow_app/db/migrations

i18n: setup ## Collect strings, merge them into the catalogues, compile these
	@mkdir -p $(TRANSLATIONS)
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k _ --no-location --sort-output -w 100 --project workflow-app \
	    --copyright-holder "The Expertise Workflow authors" -o $(TRANSLATIONS)/messages.pot .
	@test -d $(TRANSLATIONS)/ru || $(BIN)/pybabel init -l ru -i $(TRANSLATIONS)/messages.pot -d $(TRANSLATIONS)
	$(BIN)/pybabel -q update -i $(TRANSLATIONS)/messages.pot -d $(TRANSLATIONS) --no-fuzzy-matching --ignore-obsolete -w 100 \
	    --ignore-pot-creation-date
	$(BIN)/pybabel -q compile -d $(TRANSLATIONS)

pictures: setup ## Take the pictures of docs/guide anew from the browser tests
	WF_TEST_PICTURES=1 $(BIN)/pytest -q -m browser
	$(BIN)/python tests/browser/pictures.py

clean: ## Remove what tools left behind; .venv and instance/ stay
	rm -rf artefacts build dist htmlcov .coverage .coverage.* .hypothesis .*_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
