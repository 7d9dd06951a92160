# What there is to do here: `make help`.

PYTHON ?= python3
UV_VERSION := 0.13.8
EXTRAS := embedded,claude,train,text,minilm,baselines,notebook,dev
NEO4J_BOLT_PORT ?= 7687
NEO4J_HTTP_PORT ?= 7474

BIN := .venv/bin
# The build of torch is remembered, so that `make test` after `make setup TORCH_BACKEND=cpu` keeps it.
TORCH_BACKEND ?= $(shell cat .venv/torch-backend 2>/dev/null)
TORCH_CHANGED := $(shell test -e .venv/torch-backend && test "$$(cat .venv/torch-backend)" != "$(TORCH_BACKEND)" && echo yes)
# Names the inputs by content: once this file is there, nothing is asked of the network.
READY := .venv/ready-$(shell { cat pyproject.toml constraints.txt; echo "$(EXTRAS)"; } | cksum | cut -d ' ' -f 1)$(if $(TORCH_BACKEND),-$(TORCH_BACKEND))
# A broken-off installation is made anew; uv's own cache has what was already downloaded.
USABLE := $(shell $(BIN)/python -c '' 2>/dev/null && test -x $(BIN)/uv && test ! -e .venv/installing && echo yes)
# The build constraints pin what builds the project itself.
INSTALL = $(BIN)/uv pip install --python $(BIN)/python --constraints constraints.txt --build-constraints constraints.txt \
	$(if $(TORCH_BACKEND),--torch-backend $(TORCH_BACKEND)) $(if $(TORCH_CHANGED),--reinstall-package torch) --editable '.[$(EXTRAS)]'

.DEFAULT_GOAL := help
.PHONY: help setup demo test check measure neo4j neo4j-stop lock clean again

help:
	@echo "make setup [TORCH_BACKEND=cpu]  everything that kerec needs, into .venv (PYTHON=python3.12 names another Python)"
	@echo "make demo [ARGS=--exit]         the whole round trip on a demo shop; --exit ends it after printing"
	@echo "make test [ARGS='-k NAME']      all tests; KEREC_DATA=FOLDER adds those on real data"
	@echo "make check                      linter, formatter, type checker"
	@echo "make neo4j, make neo4j-stop     a local Neo4j and its Browser, from Java 17+ and Maven (NEO4J_BOLT_PORT, NEO4J_HTTP_PORT)"
	@echo "make measure DATA=FOLDER        every figure of docs/measurements.md"
	@echo "make lock [ARGS=--upgrade]      pins all versions in constraints.txt"
	@echo "make clean                      removes .venv, builds and caches"

setup: $(READY)
	@:

$(READY): $(if $(USABLE),,again)
	@$(if $(USABLE),:,$(PYTHON) -m venv --clear .venv)
	@$(if $(USABLE),:,$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)) || { \
	  echo "uv cannot be fetched from PyPI: the first make setup needs the network" >&2; exit 1; }
	@$(INSTALL) --dry-run --quiet
	@touch .venv/installing && $(INSTALL) >&2
	@rm -f .venv/ready-* .venv/installing && echo "$(TORCH_BACKEND)" > .venv/torch-backend && touch $@

again:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { echo \
	  "kerec needs Python 3.11 to 3.13, $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo missing): name one, as in PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo \
	  "$(PYTHON) cannot make environments: install its venv package (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@echo "making .venv with $$($(PYTHON) --version)" >&2

demo: setup
	@$(BIN)/kerec demo $(ARGS)

# Each of the two workers has graph servers of its own; a server that is given is one for all tests.
test: setup
	@$(BIN)/python -m pytest $(if $(KEREC_TEST_GRAPH_URI),,-n 2 --dist loadfile) $(ARGS)

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

measure: setup
	@test -d "$(DATA)" || { echo "name the folder of the data sets: make measure DATA=FOLDER" >&2; exit 2; }
	@$(BIN)/python -m services.measure --data "$(DATA)"

neo4j: setup
	@$(BIN)/python -m graph.neo4j_server up .neo4j --bolt $(NEO4J_BOLT_PORT) --http $(NEO4J_HTTP_PORT)

neo4j-stop: setup
	@$(BIN)/python -m graph.neo4j_server down .neo4j

lock:
	@test -x $(BIN)/uv || { echo "make setup comes first: it brings uv" >&2; exit 1; }
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-header --no-annotate \
	  --no-emit-index-url $(ARGS) pyproject.toml --output-file constraints.txt
	@{ echo "# By 'make lock': all extras, Python 3.11 to 3.13, all platforms. It names no package index, on purpose."; \
	  cat constraints.txt; } > constraints.partial && mv constraints.partial constraints.txt

clean:
	@test ! -x $(BIN)/python || $(BIN)/python -m graph.neo4j_server down .neo4j
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
