"""Dump an old release with its demo company: tests/data/first_release.dump.xz, for test_first_release.py.

    scripts/old_release.py COMMIT FILE

The release is checked out beside this clone and prepared with this clone's packages, in a folder of its own; only its
database is kept, not its files. Sessions and addresses of logins are those of the demo: nothing in it is real.
"""

import lzma
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 1_000_000  # bytes; more does not belong in a repository


def main(commit: str, file: str) -> int:
    """Play it and dump it."""
    from anxiu.project.backup import programs
    from anxiu.project.postgres import ensure_running, stop

    with tempfile.TemporaryDirectory(prefix="anxiu-old-") as folder:
        Path(folder).chmod(0o711)  # the database runs as an ordinary user
        release, data = Path(folder) / "release", Path(folder) / "data"
        subprocess.run(["git", "worktree", "add", "--detach", release, commit], cwd=ROOT, check=True)
        try:
            (release / "frontend" / "dist").symlink_to(ROOT / "frontend" / "dist")
            own = {"ANXIU_DATA_DIR": str(data), "PYTHONPATH": str(release / "src")}
            command = [sys.executable, "-m", "anxiu.project.cli", "prepare", "--demo"]
            subprocess.run(command, cwd=release, env={**os.environ, **own}, check=True)
            address, secret = programs.reach(ensure_running(data).owner_url)
            program, _ = programs.find("pg_dump", at_least=18, best=18)
            dump = [program, "--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--dbname", address]
            whole = subprocess.run(dump, env=secret, check=True, capture_output=True).stdout
            Path(file).write_bytes(lzma.compress(whole, preset=9 | lzma.PRESET_EXTREME))
            stop(data)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", release], cwd=ROOT, check=True)
    size = Path(file).stat().st_size
    print(f"{size} bytes")
    return 0 if size <= LARGEST else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
