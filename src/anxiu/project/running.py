"""`anxiu run`: the whole installation on one machine, until Ctrl-C."""

import argparse
import fcntl
import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from anxiu.project import prepared
from anxiu.project.cli import use_database
from anxiu.project.environment import env
from anxiu.project.postgres import ServerError, ensure_running, status
from anxiu.project.postgres.keeper import is_kept, release
from anxiu.project.supervisor import Child, Supervisor
from anxiu.project.terminal import words

PORTS_TRIED = 20
EVERYWHERE = ("0.0.0.0", "::")
PROCESSES = min(2, os.cpu_count() or 1)  # one a processor; beyond two, whoever needs more says so


def main(arguments: list[str]) -> int:
    """Start database, web and worker; print where they are; stop all of it at the end."""
    chosen = _parser().parse_args(arguments)
    if chosen.own:
        _beside_the_demo()
    env.data_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    lock = (env.data_dir / "run.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        _say(f"Anxiu is already running here: {lock.read().strip()}", f"安修已在此目录运行：{lock.read().strip()}")
        return 1
    port = _free_port(chosen.host, chosen.port)
    if port is None:
        _say(
            f"Port {chosen.port} is in use: choose another with --port.",
            f"端口 {chosen.port} 已被占用，请用 --port 指定其他端口。",
        )
        return 1
    names = _names(chosen.host)
    address = f"http://{names[0]}:{port}/"
    os.environ.setdefault("ANXIU_PUBLIC_URL", address.rstrip("/"))
    os.environ.setdefault("ANXIU_ALLOWED_HOSTS", ",".join([env.allowed_hosts, *names]))
    lock.truncate(0)
    lock.write(f"{address} (pid {os.getpid()})")
    lock.flush()
    embedded = not env.database_url
    use_database()
    logins = _prepare(with_demo=not (chosen.no_demo or chosen.own))
    if logins is None:
        return 1
    if logins:
        os.environ["ANXIU_DEMO"] = "true"  # pages say so, and how to begin with one's own company
    web = ["web", "--host", chosen.host, "--port", str(port), "--processes", str(chosen.processes)]
    children = [Child(web), *(Child(["worker"]) for _ in range(chosen.workers))]
    watch = _adopt_database if embedded else _nothing
    first = _first_link(chosen.own, address) if chosen.own and not _somebody() else ""
    code = Supervisor(children, every_few_seconds=watch).run(lambda: _announce(address, port, logins, first))
    if embedded:
        _leave_database()
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anxiu run")
    parser.add_argument("--host", default="127.0.0.1", help=words("address to listen on", "监听地址"))
    free = words("port (default: 8000 or the next free one)", "端口（默认 8000 或下一个空闲端口）")
    parser.add_argument("--port", type=int, help=free)
    parser.add_argument("--processes", type=int, default=PROCESSES, help=words("number of web processes", "网页进程数"))
    parser.add_argument("--workers", type=int, default=1, help=words("number of workers", "后台进程数"))
    empty = words("leave an empty database empty", "空数据库不生成演示数据")
    parser.add_argument("--no-demo", action="store_true", help=empty)
    own = words("your own company beside the demo; its administrator", "在演示公司之外建立自己的公司；管理员邮箱")
    parser.add_argument("--own", metavar="EMAIL", default="", help=own)
    return parser


def _beside_the_demo() -> None:
    """Give one's own company a folder of its own, unless one was named; a database that was named is used as it is."""
    if "ANXIU_DATA_DIR" not in os.environ:
        env.data_dir = env.data_dir / "own"
        env.data_dir.parent.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        os.environ["ANXIU_DATA_DIR"] = str(env.data_dir)


def _first_link(email: str, address: str) -> str:
    """Open the first account; the link by which its owner chooses a password, or nothing if that was refused."""
    command = [sys.executable, "-m", "anxiu.project.cli", "administrator", "--address", address.rstrip("/"), email]
    return subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True).stdout.strip()


def _names(host: str) -> list[str]:
    """What others may call this machine by, when it listens on this host; the first is printed."""
    if host not in EVERYWHERE:
        return [f"[{host}]" if ":" in host else host]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; only asks which of our addresses leads outside
            outside = probe.getsockname()[0]
        except OSError:
            outside = "127.0.0.1"
    return [outside, socket.gethostname().lower()]


def _free_port(host: str, wanted: int | None) -> int | None:
    """The wanted port, or 8000 or one of those after it; None if it is taken."""
    for port in [wanted] if wanted else range(8000, 8000 + PORTS_TRIED):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    return None


def _prepare(*, with_demo: bool) -> list[list[str]] | None:
    """Bring database and files up to date, if need be; the demo logins, or None if that failed."""
    if (known := prepared.recall(env.database_url, with_demo=with_demo)) is not None:
        return known
    command = [sys.executable, "-m", "anxiu.project.cli", "prepare", *(["--demo"] if with_demo else [])]
    if subprocess.run(command, check=False).returncode:
        return None
    return prepared.recall(env.database_url, with_demo=with_demo) or []


def _announce(address: str, port: int, logins: list[list[str]], first: str = "") -> bool | None:
    """Say where it is, once it answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        if connection.getresponse().status != http.HTTPStatus.OK:
            return None
    except OSError:
        return None
    finally:
        connection.close()
    lines = ["", f"  {words('Anxiu runs at', '安修已启动：')} {address}"]
    if logins:
        lines += ["", f"  {words('Demo logins', '演示账号')}:"]
        lines += [f"    {words(english, chinese)}: {email}  {password}" for english, chinese, email, password in logins]
    elif first:
        said = words("Choose your password here, then log in", "请打开此链接设置密码，然后登录")
        lines += ["", f"  {said}:", f"    {first}"]
    elif not _somebody():
        command = f"{Path(sys.argv[0]).parent / 'anxiu'} administrator --address {address.rstrip('/')} you@example.com"
        where = f"ANXIU_DATA_DIR={env.data_dir} " if "ANXIU_DATA_DIR" in os.environ else ""
        said = words("Nobody has an account yet. In a second terminal:", "尚无账号。请在另一终端执行：")
        lines += ["", f"  {said}", f"    {where}{command}"]
    lines += ["", f"  {words('Ctrl-C stops it.', '按 Ctrl-C 停止。')}", ""]
    print("\n".join(lines), flush=True)
    return True


def _somebody() -> bool:
    """Whether anybody could log in."""
    with psycopg.connect(env.database_url) as connection:
        row = connection.execute("select exists (select from accounts_person where is_active)").fetchone()
    return bool(row and row[0])


def _adopt_database() -> None:
    """Find the server a keeper again, should somebody have killed it."""
    if not is_kept(env.data_dir / "postgres"):
        try:
            ensure_running(env.data_dir)
        except ServerError as error:
            print(error, file=sys.stderr)


def _nothing() -> None:
    """Somebody else looks after the database."""


def _leave_database() -> None:
    """Let the keeper stop the database, and wait for it unless somebody else still uses it."""
    release(env.data_dir)
    deadline = time.monotonic() + 10
    while status(env.data_dir).kept and time.monotonic() < deadline:
        time.sleep(0.1)


def _say(english: str, chinese: str) -> None:
    print(words(english, chinese), file=sys.stderr)
