# Two commands do all the set-up: `make run` and `make test`.
PYTHON := .venv/bin/python

.PHONY: run test check bench soak assets conformance
.DEFAULT_GOAL := run

run: .venv/run ## install, build the demonstration on first start, serve http://127.0.0.1:8050
	@./estate serve --demonstration

test: .venv/test ## install and run every test, the browser's too
	@BROWSER_PATH="$$(sh scripts/chromium.sh)" $(PYTHON) -m pytest --numprocesses=auto --dist=loadgroup --no-loadscope-reorder -m "not alone"
	@BROWSER_PATH="$$(sh scripts/chromium.sh)" $(PYTHON) -m pytest -m alone

check: .venv/test ## formatting, lint, types and the import contracts
	@$(PYTHON) -m ruff format --check . && $(PYTHON) -m ruff check . && $(PYTHON) -m mypy . && .venv/bin/lint-imports

bench: .venv/bench ## the benchmarks, beside peers and the physical limit, at 1 and 10 million page views
	@$(PYTHON) -m benchmarks

soak: .venv/test ## every test with its full random counts
	@BROWSER_PATH="$$(sh scripts/chromium.sh)" ESTATE_SOAK=1 $(PYTHON) -m pytest --numprocesses=auto --dist=loadgroup --no-loadscope-reorder

conformance: .venv/test ## folders of examples against the project: make conformance DATA=folder
	@$(PYTHON) -m tests.conformance "$(DATA)"

assets: ## rebuild assets/vendor from npm (needs node; nothing else does)
	@sh scripts/assets.sh

.venv/run: requirements.txt scripts/venv.sh
	@sh scripts/venv.sh requirements.txt
	@touch $@

.venv/test: requirements.txt requirements-dev.txt scripts/venv.sh
	@sh scripts/venv.sh requirements-dev.txt
	@touch $@ .venv/run

.venv/bench: requirements.txt requirements-dev.txt requirements-bench.txt scripts/venv.sh
	@sh scripts/venv.sh requirements-bench.txt
	@touch $@ .venv/test .venv/run
