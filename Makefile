# Every target depends on one stamp; its rule sets up the environment from nothing but python3, pip and make.
PYTHON ?= python3
UV_PIN := uv==0.13.9
BIN := .venv/bin
STAMP := .venv/.ready

# uv neither fetches an interpreter nor reads the user's configuration. As it then skips [tool.uv] as well,
# bytecode (three times faster start-up) is asked for here too.
export UV_PYTHON_DOWNLOADS := never
export UV_COMPILE_BYTECODE := 1
export UV_PROJECT_ENVIRONMENT := .venv

.PHONY: demo test verify figures bench lint setup

setup: $(STAMP)

$(STAMP): pyproject.toml uv.lock
	$(PYTHON) -m venv .venv
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV_PIN)
	$(BIN)/uv sync --no-config --locked --inexact --all-extras --python $(BIN)/python
	touch $@

demo: $(STAMP)
	$(BIN)/forecast run configs/three_futures.toml --output build/three_futures.zarr --overwrite
	$(BIN)/forecast compare build/three_futures.zarr

test: $(STAMP)
	$(BIN)/python -m pytest -n 2

verify: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m verify

# A quarter of an hour: the stores behind the figures of README and docs, and the figures.
figures: $(STAMP)
	$(BIN)/python -m tests.figures

bench: $(STAMP)
	$(BIN)/uv sync --no-config --locked --inexact --all-extras --group peers --python $(BIN)/python
	$(BIN)/python -m benchmarks

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
