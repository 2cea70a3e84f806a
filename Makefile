# Two targets matter: `make demo` and `make test`. Both set up what they need in .venv.
# Where python3 is older than 3.11: make PYTHON=python3.11 demo

PYTHON ?= python3
LOGS ?= ../shared/logs
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.DEFAULT_GOAL := help
.PHONY: help demo test check docs bench judgement trainer story loop hooks doctors format clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: .venv/action.stamp ## a small training collapses by itself, is seen, rescued, and compared with what else one could have done
	@rm -rf defib-demo/live-0
	@$(BIN)/defib demo --live

test: .venv/test.stamp ## everything that CI runs: scripts/check, then scripts/test
	@scripts/check
	@scripts/test

check: .venv/test.stamp ## format, lint, types, import contracts
	@scripts/check

docs: .venv/test.stamp ## the manual as a site, both languages, into build/site
	@$(BIN)/python scripts/manual.py build/site

bench: judgement trainer story loop hooks ## all that we claim, measured; hours, and what was learned is not learned again: make bench LOGS=DIR

judgement: .venv/test.stamp ## how often verdicts and alarms are right, into docs/; needs labelled logs: make judgement LOGS=DIR
	@$(BIN)/python -m bench.judgement --logs $(LOGS) --misses --docs docs --kept build/bench

trainer: .venv/test.stamp build/bench/stock.stamp ## what we claim of the trainer, measured beside the one that it replaces
	@$(BIN)/python -m bench.action.numerics build/bench/mmaction2-1.2.0-py2.py3-none-any.whl
	@$(BIN)/python -m bench.action.pipeline build/bench/stock --kept build/bench/pipeline
	@$(BIN)/python -m bench.action.opening
	@$(BIN)/python -m bench.action.step
	@$(BIN)/python -m bench.action.logged
	@$(BIN)/python -m bench.action.learning --kept build/bench/learning

story: .venv/test.stamp ## the demo's story on five fresh seeds, with what did not collapse and what ended level
	@$(BIN)/python -m bench.story --kept build/bench/story

loop: .venv/test.stamp ## six faults rescued unattended, and healthy runs that must be left alone, five seeds each; three hours on two cores
	@$(BIN)/python -m bench.loop --kept build/bench/loop

hooks: .venv/test.stamp build/bench/rivals.stamp ## what a guard adds to a step, beside five packages that watch from inside; and what it rescues in memory, of ten faults
	@$(BIN)/python -m bench.hooks.overhead --rivals build/bench/rivals/bin/python
	@$(BIN)/python -m bench.hooks.rescue --kept build/bench/hooks

doctors: .venv/test.stamp ## ask the published log doctors the same, each in its own environment: make doctors LOGS=DIR
	@$(BIN)/python -m bench.doctors install build/doctors
	@$(BIN)/python -m bench.doctors run build/doctors --logs $(LOGS)

format: .venv/test.stamp ## write the code as the formatter wants it
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

clean: ## remove .venv, caches and build leftovers
	rm -rf .venv build dist defib-demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -prune -exec rm -rf {} +

# The stamps say that .venv fits pyproject.toml and constraints.txt. A broken set-up leaves no stamp and is done again.
.venv/engine.stamp: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "defib needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@echo "setting up .venv: the engine"
	@$(PYTHON) -m venv .venv
	@$(PIP) install -c constraints.txt -e .
	@touch $@

.venv/action.stamp: .venv/engine.stamp
	@echo "setting up .venv: the trainer (torch among it, once)"
	@$(PIP) install -c constraints.txt -e '.[action]'
	@touch $@

# The trainer that ours is measured against, beside .venv and never in it.
# Other people's packages, one of them AGPL: an environment of their own, imported by nothing of ours.
build/bench/rivals.stamp: constraints.txt
	@mkdir -p build/bench
	@rm -rf build/bench/rivals
	@$(PYTHON) -m venv build/bench/rivals
	@build/bench/rivals/bin/python -m pip --disable-pip-version-check -qq install -c constraints.txt torch numpy arc-training==5.2.0.post1 gradsnitch==0.1.0 training-doctor==0.1.0 stabilityguard==0.3.0 trainpulse==0.4.0
	@touch $@

build/bench/stock.stamp:
	@$(PIP) install --no-deps --target build/bench/stock mmaction2==1.2.0 mmcv-lite==2.1.0 decord einops importlib_metadata zipp
	@$(PIP) download --no-deps --dest build/bench mmaction2==1.2.0
	@touch $@

.venv/test.stamp: .venv/engine.stamp
	@echo "setting up .venv: what the tests need (torch among it, once)"
	@$(PIP) install -c constraints.txt -e '.[test]'
	@touch $@
