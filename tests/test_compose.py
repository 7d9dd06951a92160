"""docker-compose.yml, held against the Compose Specification without Docker."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
API = COMPOSE["services"]["api"]
NEO4J = COMPOSE["services"]["neo4j"]


def problems(compose: dict[str, Any]) -> list[str]:
    schema = json.loads((ROOT / "tests/data/compose-spec.json").read_text())
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(compose)]


def test_follows_the_compose_specification() -> None:
    assert problems(COMPOSE) == []


def test_the_schema_finds_a_misspelt_key() -> None:
    wrong = {**COMPOSE, "services": {**COMPOSE["services"], "api": {**API, "healthchek": {}}}}
    assert problems(wrong)


def test_every_variable_has_a_default_or_says_what_to_set() -> None:
    variables = re.findall(r"\$\{([^}]*)\}", TEXT)
    assert variables
    assert [name for name in variables if not re.fullmatch(r"[A-Z0-9_]+(:-.+|:\?.+)", name)] == []
    assert re.findall(r"\$(?!\{)", TEXT) == []


@pytest.mark.parametrize("secret", ["KEREC_GRAPH_PASSWORD", "KEREC_API_KEYS"])
def test_secrets_are_required_and_never_written_down(secret: str) -> None:
    uses = re.findall(r"\$\{" + secret + r"(..)", TEXT)
    assert uses
    assert set(uses) == {":?"}


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_every_service_has_a_health_check_and_time_to_stop(service: str) -> None:
    described = COMPOSE["services"][service]
    assert described["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries", "start_period"} <= described["healthcheck"].keys()
    assert re.fullmatch(r"\d+s", described["stop_grace_period"])


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_ports_are_open_to_this_machine_only(service: str) -> None:
    ports = COMPOSE["services"][service]["ports"]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_api_waits_for_a_healthy_graph() -> None:
    assert API["depends_on"]["neo4j"]["condition"] == "service_healthy"
    assert API["environment"]["KEREC_GRAPH_URI"] == "bolt://neo4j:7687"


def test_the_api_runs_without_root_on_a_read_only_disk() -> None:
    assert API["read_only"] is True
    assert "/tmp" in API["tmpfs"]
    assert not API["user"].startswith("0")
    assert API["cap_drop"] == ["ALL"]
    assert API["volumes"][0]["target"] == re.search(r"^WORKDIR (/shop)$", dockerfile(), re.MULTILINE)[1]  # type: ignore[index]


def test_named_volumes_are_declared() -> None:
    named = {volume.split(":")[0] for volume in NEO4J["volumes"]}
    assert named == COMPOSE["volumes"].keys()


def test_the_image_holds_what_serving_needs_and_no_extra() -> None:
    installs = re.findall(r"uv pip install (.+)", dockerfile())
    assert installs == ["--requirements pyproject.toml", "--no-deps ."]
    assert "UV_CONSTRAINT=constraints.txt" in dockerfile()


def test_the_image_is_built_from_files_that_its_context_lets_in() -> None:
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile(), re.MULTILINE) for name in line.split()
    }
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()
