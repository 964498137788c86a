"""The files to run it with name only commands, options, settings, paths and addresses that there are."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.urls import resolve

from anxiu.project.cli import COMMANDS
from anxiu.project.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
FILES = [ROOT / "Dockerfile", ROOT / "compose.yaml", *sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file())]
PAGES = sorted((ROOT / "docs/operate").glob("*.md"))
SETTINGS = {str(field.validation_alias or f"ANXIU_{name.upper()}") for name, field in Environment.model_fields.items()}


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every call of `anxiu` in these files, with where it stands."""
    for unit in UNITS:
        for line in unit.read_text().splitlines():
            if line.startswith("ExecStart="):
                program, *arguments = line.removeprefix("ExecStart=").split()
                assert program == "/opt/anxiu/.venv/bin/anxiu"
                yield unit.name, arguments
    for name, service in COMPOSE["services"].items():
        if service.get("image") == "anxiu":
            yield f"compose {name}", service["command"]
    given = re.search(r"^CMD \[(.*)\]$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    yield "Dockerfile", [part.strip(' "') for part in given[1].split(",")]


@pytest.mark.parametrize(("where", "arguments"), list(commands()), ids=lambda value: value if isinstance(value, str) else "")
def test_commands_and_their_options_exist(where: str, arguments: list[str]) -> None:
    name, *options = arguments
    assert COMMANDS[name].exists
    done = subprocess.run(
        [sys.executable, "-m", "anxiu.project.cli", name, "--help"], capture_output=True, text=True, check=False
    )
    said = set(re.findall(r"--[a-z-]+", done.stdout))
    assert {option for option in options if option.startswith("--")} <= said, where


@pytest.mark.parametrize("path", [*FILES, *PAGES], ids=lambda path: path.name)
def test_settings_exist(path: Path) -> None:
    named = set(re.findall(r"\bANXIU_[A-Z_]+\b|\bDATABASE_(?:OWNER_)?URL\b", path.read_text()))
    assert named - SETTINGS == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_name_only_commands_and_files_that_exist(path: Path) -> None:
    text = path.read_text()
    named = set(re.findall(r"`anxiu ([a-z-]+)", text)) | set(re.findall(r"^\s*(?:\S+/)?anxiu ([a-z-]+)", text, re.MULTILINE))
    assert named - set(COMMANDS) == set()
    for file in re.findall(r"`((?:deploy|docs|tests|src|bench|scripts)/[\w./-]+)`", text):
        assert (ROOT / file).exists(), file
    for link in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert (path.parent / link).exists(), link


def test_image_is_made_of_files_that_exist() -> None:
    text = (ROOT / "Dockerfile").read_text()
    for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert f"!{source.split('/')[0]}" in (ROOT / ".dockerignore").read_text().split()
    script = (ROOT / "scripts/setup.py").read_text()
    assert re.search(r'UV = "(.*)"', script)[1] in text  # one version of uv everywhere
    assert re.search(r"^USER anxiu$", text, re.MULTILINE)


def test_compose_holds_together() -> None:
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith("./") else source in volumes
        assert set(service.get("depends_on", {})) <= set(services)
    assert set(services) == {"database", "objects", "prepare", "web", "worker", "backup"}
    for name in ("web", "worker"):  # `prepare` has long ended when these are stopped: only this stops the database after them
        assert "database" in services[name]["depends_on"]
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in published)  # a proxy with TLS stands before it


def test_every_setting_that_makes_sense_in_a_container_reaches_it() -> None:
    given = {name for service in COMPOSE["services"].values() if service.get("image") == "anxiu" for name in service["environment"]}
    image = set(re.findall(r"\b(ANXIU_\w+)=", (ROOT / "Dockerfile").read_text()))
    no_use_there = {
        "ANXIU_DEBUG", "ANXIU_TEST", "ANXIU_TEST_SUFFIX",  # for development
        "ANXIU_HOOKS_TO_LOOPBACK",  # to try a receiver on the same machine: none is inside
        "ANXIU_MEDIA_DIR", "ANXIU_POOLER",  # its volume and its database are given
    }  # fmt: skip
    assert given | image | no_use_there == SETTINGS
    assert not (given | image) & no_use_there


def test_containers_may_write_only_in_their_volumes() -> None:
    text = (ROOT / "Dockerfile").read_text()
    for name, service in COMPOSE["services"].items():
        assert service["logging"]["options"]["max-size"], name  # else a log fills the disk
        if name == "database":  # begins as root and goes on as its own user
            continue
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
        assert "no-new-privileges:true" in service["security_opt"], name
        if service["image"] != "anxiu":
            continue
        places = {volume.split(":")[1] for volume in service["volumes"]}
        assert places == {*re.findall(r'"(/\w+)"', re.search(r"^VOLUME (.*)$", text, re.MULTILINE)[1]), "/tmp"}, name


def test_image_is_built_once_and_never_fetched() -> None:
    ours = {name: service for name, service in COMPOSE["services"].items() if service.get("image") == "anxiu"}
    assert [name for name, service in ours.items() if "build" in service] == ["prepare"]
    assert {service["pull_policy"] for service in ours.values()} == {"never"}


def test_every_image_that_is_fetched_has_a_stand_in() -> None:
    fetched = re.findall(r"^FROM ([^\s:]+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    fetched += [service["image"].split(":")[0] for service in COMPOSE["services"].values() if service["image"] != "anxiu"]
    made = re.search(r"make = \{(.*?)\}\[name\]", (ROOT / "scripts/try_image.py").read_text())[1]
    assert {*fetched} == {*re.findall(r'"([^"]+)":', made)}


def test_passwords_beside_the_compose_file_are_not_committed() -> None:
    done = subprocess.run(["git", "check-ignore", "--quiet", "--no-index", ".env"], cwd=ROOT, check=False)
    assert done.returncode in (0, 128)  # 128: no clone, as in an archive
    assert "/.env" in (ROOT / ".gitignore").read_text().split()
    wanted = set(re.findall(r"\$\{(\w+):\?", (ROOT / "compose.yaml").read_text()))
    assert wanted == set(re.findall(r"^(\w+)=", (ROOT / "docs/operate/deploy.md").read_text(), re.MULTILINE))


def test_health_is_asked_at_addresses_that_exist() -> None:
    assert "--host" in COMPOSE["services"]["database"]["healthcheck"]["test"]  # its socket answers while it is still being made
    for path in re.findall(r"http://127\.0\.0\.1:8000(/\w+)", (ROOT / "compose.yaml").read_text()):
        assert resolve(path)
    places = re.findall(r"location = (/\w+)", (ROOT / "deploy/nginx.conf").read_text())
    assert places == ["/live", "/metrics"]
    assert resolve("/metrics")
    assert 'scope["path"] == "/live"' in (ROOT / "src/anxiu/project/asgi.py").read_text()


def test_proxy_logs_no_address_that_is_a_secret() -> None:
    text = (ROOT / "deploy/nginx.conf").read_text()
    written = re.search(r"log_format anxiu '(.*)'", text)[1]
    assert not re.search(r"\$request\b|\$request_uri|\$uri|\$http_referer|\$args", written)
    for path in ("/p/t/secret/", "/r/A1B2", "/accounts/password/reset/key/1-secret/"):
        assert any(re.match(pattern, path) for pattern in re.findall(r"^\s+~(\^\S+)", text, re.MULTILINE))


def test_units_are_valid(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("this machine has no systemd, whose own checker reads the units; the other tests hold what they name")
    for unit in (ROOT / "deploy/systemd").glob("anxiu*.[st]*e*r*"):
        text = unit.read_text().replace("/opt/anxiu/.venv/bin/anxiu", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    names = [str(path) for path in sorted(tmp_path.iterdir())]
    assert len(names) == 5
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_scripts_of_the_shell_are_valid() -> None:
    assert subprocess.run(["sh", "-n", ROOT / "deploy/roles.sh"], check=False).returncode == 0
