"""What has to be done before a release can run here: tables, rights, translations, static files, first data."""

import argparse
import hashlib
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from anxiu.project import prepared
from anxiu.project.catalogues import compile_all
from anxiu.project.environment import env
from anxiu.project.terminal import words

STORE_TRIES = 30
FONTS_FOR_DOCUMENTS = "NotoSansSC_*.ttf"  # 20 MB that only the PDF maker reads


def main(arguments: list[str]) -> int:
    """`anxiu prepare`: safe to repeat, and quick when there is nothing to do."""
    parser = argparse.ArgumentParser(prog="anxiu prepare")
    parser.add_argument("--demo", action="store_true", help=words("play the demo company", "生成演示公司"))
    chosen = parser.parse_args(arguments)
    application_url, owner_url = env.database_url, env.database_owner_url
    env.database_url = owner_url
    import django

    compile_all()
    django.setup()
    migrate()
    role = unquote(urlsplit(application_url).username or "")
    if role and role != unquote(urlsplit(owner_url).username or ""):
        grant(role)
        become(application_url)
    collect_static()
    if env.files_bucket and not make_bucket():
        return 1
    prepared.remember(application_url, demo(play=chosen.demo), with_demo=chosen.demo)
    return 0


def migrate() -> None:
    """Bring the tables up to date, and what each app keeps in them from its own files: posts, preset, calendars."""
    from django.core.management import call_command
    from django.core.management.sql import emit_post_migrate_signal

    from anxiu.project import health

    if pending := health.pending_migrations():
        _say(f"Migrating the database ({len(pending)} steps) …", f"正在迁移数据库（{len(pending)} 步）……")
        call_command("migrate", interactive=False, verbosity=0)
    else:  # a release without migrations still brings permissions
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


def become(url: str) -> None:
    """Go on as the application: what it may not do, the demo company may not do either."""
    from django.db import connection

    parts = urlsplit(url)
    connection.close()
    connection.settings_dict["USER"] = unquote(parts.username or "")
    connection.settings_dict["PASSWORD"] = unquote(parts.password or "")


def demo(*, play: bool) -> list[list[str]]:
    """Post (in English, in Chinese), address and password of the demo logins; played now if wanted and not there."""
    from anxiu.demo import company

    if play and not company.has_data():
        _say("Playing a demo company, so that there is something to see …", "正在生成演示公司数据……")
        company.play()
    return [list(login) for login in company.logins()]


def grant(role: str) -> None:
    """Give the application its rights: all rows of all tables, but no change to what is append-only."""
    from django.db import connection, transaction
    from psycopg import sql

    from anxiu.kernel.append_only import TABLES

    name = sql.Identifier(role)
    closed = ["django_migrations", *TABLES]
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (
            "grant usage on schema public to {}",
            "grant select, insert, update, delete on all tables in schema public to {}",
            "grant usage, select, update on all sequences in schema public to {}",
        ):
            cursor.execute(sql.SQL(statement).format(name))
        existing = set(connection.introspection.table_names(cursor))
        for table in existing.intersection(closed):
            cursor.execute(
                sql.SQL("revoke update, delete, truncate on {} from {}").format(sql.Identifier(table), name)
            )


def make_bucket() -> bool:
    """Make the bucket for files if it is missing; whether it is there. A store that starts beside us needs a moment."""
    from anxiu.files.bucket import Bucket, StoreAway

    bucket = Bucket(**env.bucket())
    for left in reversed(range(STORE_TRIES)):
        try:
            made = bucket.make_ready()
        except StoreAway as error:
            if not left:
                _say(f"Files have no place: {error}", f"文件无处存放：{error}")
            time.sleep(1)
        else:
            if made:
                _say(f"The bucket {env.files_bucket} was made.", f"已创建存储桶 {env.files_bucket}。")
            return True
    return False


def collect_static() -> None:
    """Collect and compress the static files, unless they are the same as last time: compressing takes seconds."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    found: list[str] = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            found.append(f"{path} {stat.st_size} {stat.st_mtime_ns}")
    digest = _digest(found)
    stamp = Path(settings.STATIC_ROOT) / ".made-from"
    if stamp.exists() and stamp.read_text() == digest:
        return
    _say("Collecting static files …", "正在收集静态文件……")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=[FONTS_FOR_DOCUMENTS])
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _say(english: str, chinese: str) -> None:
    print(words(english, chinese), file=sys.stderr, flush=True)
