"""`anxiu doctor`: looks at everything an installation needs and says in words what is wrong and what to do."""

import argparse
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile

from anxiu.project.cli import use_database
from anxiu.project.environment import ROOT, env
from anxiu.project.postgres import find_strays, status
from anxiu.project.terminal import words

PYTHONS = ((3, 11), (3, 14))  # from, before: as in pyproject.toml
LITTLE_SPACE = 2 * 1024**3
ANNOUNCED_FROM_MONTH = 11  # the State Council publishes the next year's holidays in October or November
MARKS = {"good": "✓", "note": "·", "bad": "✗"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and how it is."""

    level: Literal["good", "note", "bad"]
    english: str
    chinese: str


def good(english: str, chinese: str) -> Finding:
    """A thing that is as it should be."""
    return Finding("good", english, chinese)


def note(english: str, chinese: str) -> Finding:
    """A thing to know, that stops nothing."""
    return Finding("note", english, chinese)


def bad(english: str, chinese: str) -> Finding:
    """A thing that has to be put right."""
    return Finding("bad", english, chinese)


def main(arguments: list[str]) -> int:
    """Print every finding; exit code 1 if something has to be put right."""
    argparse.ArgumentParser(prog="anxiu doctor").parse_args(arguments)
    worst = 0
    for finding in look():
        print(f" {MARKS[finding.level]} {words(finding.english, finding.chinese)}", flush=True)
        worst = max(worst, finding.level == "bad")
    return worst


def look() -> Iterator[Finding]:
    """Every finding, the simplest causes first."""
    for check in CHECKS:
        yield from check()


def python_version() -> Iterator[Finding]:
    """The interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    oldest, before = PYTHONS
    if oldest <= sys.version_info[:2] < before:
        yield good(f"Python {version}", f"Python {version}")
    else:
        wanted = f"{oldest[0]}.{oldest[1]}–{before[0]}.{before[1] - 1}"
        yield bad(f"Python {version}: {wanted} is needed.", f"Python {version}：需要 {wanted}。")


def front_end() -> Iterator[Finding]:
    """The built front end and the fonts that documents are set in."""
    dist = ROOT / "frontend/dist"
    if not (dist / "manifest.json").exists():
        yield bad(
            "The front end is not built: run `make run`, or `python3 scripts/setup.py run`.",
            "前端尚未构建：请执行 `make run` 或 `python3 scripts/setup.py run`。",
        )
        return
    yield good("The front end is built.", "前端已构建。")
    if len(list((dist / "fonts").glob("NotoSansSC_*.ttf"))) < 2:
        yield bad(
            "The Chinese fonts for documents are missing: build the front end again.",
            "缺少生成文档所需的中文字体：请重新构建前端。",
        )
    else:
        yield good("The fonts for documents are there.", "文档字体齐全。")


def disk() -> Iterator[Finding]:
    """Room for data."""
    folder = next(path for path in (env.data_dir, *env.data_dir.absolute().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    size = f"{free / 1024**3:.1f} GB"
    if free < LITTLE_SPACE:
        yield bad(f"Only {size} free in {folder}.", f"{folder} 仅剩 {size} 可用空间。")
    else:
        yield good(f"{size} free in {folder}.", f"{folder} 可用空间 {size}。")


def files() -> Iterator[Finding]:
    """Whether files can be written, read and removed where they are kept, if that is an object store."""
    if not env.files_bucket:
        return
    from anxiu.files.bucket import Bucket

    where = f"{env.files_bucket} ({env.files_endpoint or env.files_region or 'Amazon'})"
    try:
        bucket, path, said = Bucket(**env.bucket()), f"doctor/{uuid4()}", b"anxiu"
        bucket.save(path, ContentFile(said))
        with bucket.open(path) as file:
            same = file.read() == said
        bucket.delete(path)
    except OSError as error:
        yield bad(f"Files cannot be kept in {where}: {error}", f"无法在 {where} 中存取文件：{error}")
    else:
        if same:
            yield good(f"Files are kept in {where}.", f"文件存放于 {where}。")
        else:
            yield bad(f"{where} gives back other bytes than it got.", f"{where} 返回的内容与写入的不一致。")
    if env.files_endpoint.startswith("http://"):
        yield note(
            "The object store is reached without TLS: fine within one machine, else not.",
            "与对象存储的连接未加密：仅适用于同一台机器内。",
        )


def secrets() -> Iterator[Finding]:
    """Files that nobody else may read."""
    if env.secret_key.get_secret_value():
        yield good("The secret key is set by ANXIU_SECRET_KEY.", "密钥由 ANXIU_SECRET_KEY 设定。")
    for path in (env.data_dir / "secret-key", env.data_dir / "postgres/passwords.json"):
        if not path.exists():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield bad(f"Others can read {path}: chmod 600 it.", f"其他用户可读取 {path}：请执行 chmod 600。")
        else:
            yield good(f"{path.name} is private.", f"{path.name} 仅本用户可读。")


def strays() -> Iterator[Finding]:
    """Database servers nobody looks after."""
    for stray in find_strays():
        yield bad(
            f"A database server without a keeper: process {stray.pid} in {stray.cluster}. The next `anxiu run` there "
            f"takes it over; if that folder is gone, stop it with: kill -INT {stray.pid}",
            f"存在无人看管的数据库进程 {stray.pid}（{stray.cluster}）。在该处再次执行 `anxiu run` 会接管它；"
            f"若目录已不存在，请执行 kill -INT {stray.pid}",
        )


def mail() -> Iterator[Finding]:
    """Whether mail can be sent at all."""
    if env.smtp_url:
        yield good("A mail server is configured.", "已配置邮件服务器。")
    else:
        yield note(
            "No mail server is configured (ANXIU_SMTP_URL): no mail goes out.",
            "未配置邮件服务器（ANXIU_SMTP_URL）：邮件不会发出。",
        )


def database() -> Iterator[Finding]:
    """The database, its tables, and whether a worker lives."""
    if not env.database_url:
        found = status(env.data_dir)
        if found.state == "stopped":
            yield note(
                "The database is stopped; it runs while `anxiu run` does.",
                "数据库未运行；执行 `anxiu run` 时会自动启动。",
            )
            return
        use_database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxiu.project.settings")
    import django
    from django.db import DatabaseError

    django.setup()
    try:
        yield from _tables_and_worker()
    except DatabaseError as error:
        yield bad(f"The database does not answer: {error}", f"数据库无法访问：{error}")


def _tables_and_worker() -> Iterator[Finding]:
    from django.db import connection

    from anxiu.project import health

    pending = health.pending_migrations()
    version = ".".join(map(str, divmod(connection.cursor().connection.info.server_version, 10000)))
    yield good(f"The database answers (PostgreSQL {version}).", f"数据库正常（PostgreSQL {version}）。")
    if pending:
        names = ", ".join(pending[:3])
        yield bad(
            f"{len(pending)} migrations are pending ({names} …): run `anxiu prepare`.",
            f"有 {len(pending)} 个迁移未执行（{names} ……）：请执行 `anxiu prepare`。",
        )
        return
    yield good("All migrations are done.", "数据库迁移已全部完成。")
    yield from _calendar()
    if health.has_worker():
        yield good("A worker is alive.", "后台任务进程正常。")
    else:
        yield bad(
            "No worker has given a sign of life for 30 s: jobs wait. Start `anxiu run` or `anxiu worker`.",
            "30 秒内没有后台任务进程的心跳，任务正在等待：请启动 `anxiu run` 或 `anxiu worker`。",
        )


def _calendar() -> Iterator[Finding]:
    """Whether the holidays of this year, and late in the year of the next, are known."""
    from anxiu.sla.queries import published_years

    today = datetime.now(ZoneInfo(env.time_zone)).date()
    known = published_years()
    if today.year not in known:
        yield bad(
            f"The holidays of {today.year} are not known, so deadlines are provisional: enter them under calendars.",
            f"尚无 {today.year} 年节假日安排，时限均为暂定：请在日历中录入。",
        )
    elif today.year + 1 not in known and today.month >= ANNOUNCED_FROM_MONTH:
        yield note(
            f"The holidays of {today.year + 1} are not known yet: enter them under calendars, or update Anxiu.",
            f"尚无 {today.year + 1} 年节假日安排：请在日历中录入，或更新安修。",
        )
    else:
        yield good(f"The holidays of {today.year} are known.", f"已有 {today.year} 年节假日安排。")


def data_folder() -> Iterator[Finding]:
    """Where everything is kept."""
    path = Path(env.data_dir).absolute()
    elsewhere = path / "postgres/elsewhere"
    yield note(f"Data folder: {path}", f"数据目录：{path}")
    if elsewhere.exists():
        where = elsewhere.read_text().strip()
        yield note(f"Database files: {where}", f"数据库文件：{where}")


CHECKS: list[Callable[[], Iterator[Finding]]] = [
    python_version,
    data_folder,
    disk,
    files,
    front_end,
    secrets,
    mail,
    strays,
    database,
]
