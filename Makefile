# Two commands matter: make demo, make test. Both need Python 3.11 and make, nothing else.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: compatible tutorial bulk million previews import pages mails help demo test coverage lint wheel contracts-wheel kafka r3 oulad oulad-reports oulad-exports lrs tour webhooks webhooks-bench bench search-figures api-bench schemathesis access faults rebuilds erased lock clean

# Of `make test`: processes that share its tests, each with servers of its own; 0: only pytest's.
PROCESSES ?= 2
# Each one's lines together, where make can: macOS has one that cannot.
TOGETHER := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
# Of `make previews`, which takes KAFKA too: learners, in four groups.
LEARNERS ?= 2000
# Of `make bulk` and `make million`: learners of one operation, lines of one file.
# VIA=http: asked for by POST, followed by server-sent events.
MANY ?= 100000
VIA ?= kafka
LINES ?= 1000000
# Of `make oulad`: where the Open University's files are, where the results go, which broker.
DATA ?= ../shared/data/oulad
OUT ?= build/oulad
IMPORTED ?= build/import
KAFKA ?= embedded
FAULTS ?= 0
SEED ?= 1
# Of `make faults`, which takes KAFKA and SEED too.
SECONDS ?= 300
# Of `make schemathesis`: cases of each operation.
CASES ?= 50
# Of `make rebuilds`, which takes them too: commands a second, seconds for each view.
RATE ?= 200
EACH ?= 10

help:
	@echo "make demo    what it does, on a made-up school, rule by rule (half a minute)"
	@echo "make test    everything that proves the project"
	@echo "make coverage  the same tests, and which lines of the processes that run them they reach"
	@echo "make lint    formatting, rules, types, imports"
	@echo "make r3      what a reset of a course does not touch: a table, before and after"
	@echo "make oulad   the Open University's records through all of it (DATA=, OUT=, KAFKA=, FAULTS=)"
	@echo "make bulk    100,000 learners marked by one operation, beside a neighbour, killed, taken back (MANY=, KAFKA=, VIA=)"
	@echo "make million a file of a million lines imported, twice (LINES=, KAFKA=)"
	@echo "make previews  previews beside what then happened, count by count (LEARNERS=, KAFKA=)"
	@echo "make import  the Open University's completions imported from one file, again, and shuffled (DATA=, IMPORTED=, KAFKA=)"
	@echo "make oulad-reports  what make oulad left: every report beside a count from the files (DATA=, OUT=)"
	@echo "make oulad-exports  what make oulad left, replayed and exported, counted against the log (OUT=)"
	@echo "make lrs     xAPI statements in a real learning record store (OULAD=OUT: of what make oulad left)"
	@echo "make tour    what make oulad left, shown: cards, the past, dead letters, a rebuild (OUT=)"
	@echo "make webhooks  what make oulad left, told to three endpoints, one dead, beside the log (OUT=)"
	@echo "make webhooks-bench  deliveries a second, and with one endpoint in ten dead"
	@echo "make faults  the long fault run (SECONDS=, SEED=, KAFKA=); make test has a short one"
	@echo "make rebuilds  every view rebuilt while commands keep coming: nothing is sent (RATE=, EACH=)"
	@echo "make erased  a person erased: what was where before and after, by query and by topic (KAFKA=)"
	@echo "make mails   e-mails sent by attempt, whatever is rebuilt, counted by a mail server"
	@echo "make bench   speed, each figure beside its peer in the same run, on Apache Kafka"
	@echo "make api-bench  how fast the API answers, with what make oulad left (OUT=, KAFKA=)"
	@echo "make schemathesis  every operation of the API's document asked with good and bad data (CASES=, SEED=)"
	@echo "make search-figures  how long a page of a search takes, over a million records, with plans"
	@echo "make compatible  the LearnWorlds-compatible face: every path by plain HTTP, as printed"
	@echo "make access  who may ask what over HTTP: every operation by every role and school"
	@echo "make tutorial  the tutorial by a newcomer, from a fresh clone to its last line"
	@echo "make pages   every how-to page with runnable commands, run as it stands (PAGES=)"
	@echo "make kafka   Apache Kafka from its Maven artifacts, in the foreground (Java 17, Maven)"
	@echo "make lock    dependencies, locked with hashes (needs uv)"

$(READY): requirements.txt pyproject.toml
	@echo "Installing the locked dependencies into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)
	@$(BIN)/coursemark demo

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Lint and the wheel take one core each, and less than a minute: what they find is told first.
test: $(READY)
	@$(MAKE) --no-print-directory --jobs=2 $(TOGETHER) lint wheel
	$(BIN)/python -m pytest -n $(PROCESSES)

coverage: $(READY)
	$(BIN)/python -m pytest -n $(PROCESSES) --cov --cov-report=term:skip-covered

# The pure tests once more, on what the wheel holds and on nothing of the source tree.
wheel: $(READY)
	@rm -rf build/wheel && mkdir -p build/wheel/run
	@$(BIN)/python -m build --wheel --no-isolation --outdir build/wheel . > build/wheel.log 2>&1 \
		|| { cat build/wheel.log; exit 1; }
	@$(BIN)/python -m zipfile -e build/wheel/*.whl build/wheel/site
	@cp -r tests pyproject.toml build/wheel/run
	@cd build/wheel/run && export PYTHONPATH=../site COURSEMARK_EXAMPLES=20 && \
		../../../$(BIN)/python -P -c "import services as s; assert 'build/wheel/site' in s.__file__" && \
		../../../$(BIN)/python -P -m pytest -q -p no:cacheprovider tests/unit/domain tests/unit/contracts

contracts-wheel: $(READY)
	@$(BIN)/python -m build --wheel --no-isolation --outdir build/contracts contracts

r3: $(READY)
	@$(BIN)/python -m benchmarks.r3

oulad: $(READY)
	@$(BIN)/python -m benchmarks.oulad.load --data $(DATA) --out $(OUT) --kafka $(KAFKA) \
		--faults $(FAULTS) --seed $(SEED)

import: $(READY)
	@$(BIN)/python -m benchmarks.oulad.importing --data $(DATA) --out $(IMPORTED) --kafka $(KAFKA) \
		--seed $(SEED)

bulk: $(READY)
	@$(BIN)/python -m benchmarks.bulk --learners $(MANY) --kafka $(KAFKA) --via $(VIA)

million: $(READY)
	@$(BIN)/python -m benchmarks.bulk.million --lines $(LINES) --kafka $(KAFKA)

previews: $(READY)
	@$(BIN)/python -m benchmarks.previews --learners $(LEARNERS) --kafka $(KAFKA)

oulad-reports: $(READY)
	@$(BIN)/python -m benchmarks.oulad.reports --data $(DATA) --out $(OUT)

oulad-exports: $(READY)
	@$(BIN)/python -m benchmarks.oulad.exports --out $(OUT) --kafka $(KAFKA)

# Ralph gets an environment of its own, in build/lrs/venv.
lrs: $(READY)
	@$(BIN)/python -m tests.lrs --folder build/lrs $(if $(OULAD),--oulad $(OULAD))

webhooks: $(READY)
	@$(BIN)/python -m benchmarks.oulad.webhooks --out $(OUT) --kafka $(KAFKA)

webhooks-bench: $(READY)
	@$(BIN)/python -m benchmarks.webhooks

tour: $(READY)
	@$(BIN)/python -m benchmarks.oulad.tour --out $(OUT) --kafka $(KAFKA)

# E-mails by attempt, as a mail server counts them, before and after everything is rebuilt.
mails: $(READY)
	@$(BIN)/python -m tests.mails

tutorial: $(READY)
	@$(BIN)/python -m tests.tutorial

compatible: $(READY)
	@$(BIN)/python -m tests.compatible

# A person erased: where they were before and after, by query and by topic.
erased: $(READY)
	@$(BIN)/python -m tests.erased --kafka $(KAFKA)

# Of a few pages: make pages PAGES="mark-one.md operations.md".
pages: $(READY)
	@$(BIN)/python -m tests.pages $(PAGES)

# Who may ask what over HTTP: every operation by every role, in its own and in another school.
access: $(READY)
	@$(BIN)/python -m tests.access

faults: $(READY)
	@$(BIN)/python -m tests.faults --seconds $(SECONDS) --seed $(SEED) --kafka $(KAFKA)

rebuilds: $(READY)
	@$(BIN)/python -m tests.faults.rebuilds --rate $(RATE) --seconds $(EACH) --seed $(SEED) \
		--kafka $(KAFKA)

# Nothing else should run on the machine meanwhile.
bench: $(READY)
	@$(BIN)/python -m benchmarks.run --out build/bench.json

# What make oulad left in OUT with the same KAFKA; nothing else should run meanwhile.
api-bench: $(READY)
	@$(BIN)/python -m benchmarks.api --out $(OUT) --kafka $(KAFKA)

# Every operation of the API's document, at length.
schemathesis: $(READY)
	@$(BIN)/python -m tests.api_proof --examples $(CASES) --seed $(SEED)

search-figures: $(READY)
	@$(BIN)/python -m benchmarks.search --out build/search

kafka: $(READY)
	$(BIN)/python -m services.runtime.embedded apache --folder .coursemark/kafka

lock:
	uv pip compile pyproject.toml --extra analytics --extra embedded --extra keyring --group dev --python-version 3.11 --universal \
		--generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-header --quiet -o requirements.txt

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
