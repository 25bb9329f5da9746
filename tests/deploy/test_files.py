"""The deploy files: they parse, and name commands, files and settings that exist."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from server.cli import COMMANDS
from server.cli import settings as shown
from server.settings import Settings
from tests.conftest import require

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = {spec.metadata["variable"] for spec in fields(Settings)}
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))


def commands() -> list[tuple[str, list[str]]]:
    """Every `python -m …` of the deploy files: where, and its words."""
    found = [("Procfile", command.split()) for command in PROCFILE.values()]
    compose = re.findall(r"command: \[(python[^\]]*)\]", (ROOT / "compose.yaml").read_text())
    found += [("compose.yaml", [word.strip(' "') for word in line.split(",")]) for line in compose]
    image = re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.M)
    found += [("Dockerfile", json.loads(line)) for line in image]
    for unit in UNITS:
        (line,) = re.findall(r"^ExecStart=\S*/(python .*)$", unit.read_text(), re.M)
        found += [(unit.name, line.replace("%i", name).split()) for name in ("web", "worker", "clock")]
    return found


@pytest.mark.parametrize(("where", "words"), commands())
def test_a_command_exists(where: str, words: list[str]) -> None:
    assert words[:2] == ["python", "-m"], where
    assert find_spec(words[2]) is not None, where
    if words[2] == "server":
        assert words[3] in COMMANDS, where


def test_commands_run_from_a_checkout_that_is_not_installed(tmp_path: Path) -> None:
    """Platforms install requirements.txt and not the project: the checkout itself is what runs."""
    for name in ("server", "bot"):
        (tmp_path / name).symlink_to(ROOT / name)
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "PATH": "/usr/bin:/bin"}
    command = [sys.executable, *PROCFILE["release"].split()[1:]]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "is at migration" in done.stdout


def test_the_heroku_button_names_settings_and_processes() -> None:
    app = json.loads((ROOT / "app.json").read_text())
    assert set(app["env"]) <= VARIABLES
    assert set(app["formation"]) == set(PROCFILE) - {"release"}


def test_the_image_holds_what_it_copies_and_nothing_secret() -> None:
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignore[0] == "*", "only what is listed goes into the image"
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignore, name


def test_the_image_runs_as_an_ordinary_user_and_checks_itself() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER clausewatch$", text, re.M)
    assert "/readyz" in text.partition("HEALTHCHECK")[2]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_accepts_the_unit(unit: Path, tmp_path: Path) -> None:
    require("systemd-analyze", shutil.which("systemd-analyze") is not None)
    text = unit.read_text().replace("/opt/clausewatch/.venv/bin/python", "/bin/true").replace("/opt/clausewatch", "/")
    copy = tmp_path / unit.name.replace("@", "@web")
    copy.write_text(text)
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert copy.name not in done.stderr, done.stderr


def test_the_page_of_settings_is_current() -> None:
    assert (ROOT / "docs/configuration.md").read_text() == shown.table(), "run `make docs`"


def test_settings_in_force_hide_secrets() -> None:
    from server import settings

    lines = shown.in_force(settings.read({"SECRET_KEY": "hidden-words", "PORT": "5001"}))
    assert "hidden-words" not in lines
    assert re.search(r"^PORT +5001$", lines, re.M)


@pytest.mark.parametrize("file", sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")), ids=lambda file: file.name)
def test_an_issue_template_is_a_form(file: Path) -> None:
    form = yaml.safe_load(file.read_text())
    if file.name == "config.yml":
        assert form["blank_issues_enabled"] is True
        return
    assert form["name"] and form["description"]
    ids = [field["id"] for field in form["body"]]
    assert len(set(ids)) == len(ids)
    assert all(field["type"] in {"input", "textarea"} and field["attributes"]["label"] for field in form["body"])


def test_the_page_on_security_names_tests_that_exist() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", (ROOT / "docs/security.md").read_text())
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_compose_starts_what_the_procfile_names_and_waits_for_what_it_needs() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert set(PROCFILE) <= set(services)
    for name in PROCFILE:
        service = services[name]
        assert service["command"] == PROCFILE[name].split(), name
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert service["stop_grace_period"] == "30s", name
        needed = {"postgres"} if name == "release" else {"release", "valkey"}
        assert set(service["depends_on"]) == needed, name
        assert set(service["depends_on"]) <= set(services), name
    for name in ("postgres", "valkey"):
        assert "healthcheck" in services[name] and services[name]["volumes"], name
        assert "ports" not in services[name], "only the web process is reached from outside"
    variables = set(services["web"]["environment"])
    assert variables <= VARIABLES
