"""The `anxiu` command: finds the part that was asked for, gives it a database, and leaves the rest to it."""

import argparse
import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from anxiu.project.environment import env
from anxiu.project.postgres import ServerError, ensure_running
from anxiu.project.terminal import in_chinese, words

Needs = Literal["nothing", "database", "django", "owner", "admin"]


@dataclass(frozen=True)
class Command:
    """Where a command's `main(arguments) -> exit code` is, what must be there before it is called, and what it is for.

    `database`: its address, as the application's role; `owner`: as the owner's; `django`: and Django set up.
    """

    target: str
    needs: Needs
    english: str
    chinese: str

    @property
    def exists(self) -> bool:
        """Whether its module is installed; others are not listed."""
        module = self.target.partition(":")[0]
        package = module.rpartition(".")[0]
        return importlib.util.find_spec(package) is not None and importlib.util.find_spec(module) is not None


COMMANDS: dict[str, Command] = {
    "run": Command("anxiu.project.running:main", "nothing", "start everything on this machine", "在本机启动全部服务"),
    "web": Command("anxiu.project.serving:web", "database", "start only the web server", "仅启动网页服务"),
    "worker": Command("anxiu.project.serving:worker", "database", "start only a worker", "仅启动后台任务进程"),
    "prepare": Command(
        "anxiu.project.preparing:main",
        "database",
        "migrate the database, collect static files",
        "迁移数据库并收集静态文件",
    ),
    "administrator": Command(
        "anxiu.accounts.cli:main", "django", "open the first account, or a way back in", "开通首个管理员账号"
    ),
    "demo": Command("anxiu.demo.cli:main", "admin", "play a company to look at", "生成演示公司数据"),
    "import": Command("anxiu.equipment.importing.cli:main", "django", "import an installed base", "导入设备档案"),
    "verify": Command("anxiu.trace.cli:main", "django", "verify the chain of events", "校验事件链"),
    "backup": Command(
        "anxiu.project.backup.cli:backup",
        "nothing",
        "back up database and files, or check a backup",
        "备份数据库与文件，或校验备份",
    ),
    "restore": Command("anxiu.project.backup.cli:restored", "nothing", "restore a backup", "恢复备份"),
    "copy-files": Command(
        "anxiu.project.copying:main",
        "django",
        "copy a folder of files to where files are kept",
        "将文件目录复制到当前存储",
    ),
    "doctor": Command("anxiu.project.doctor:main", "nothing", "say what is wrong here", "检查并说明问题"),
    "manage": Command("anxiu.project.cli:manage", "owner", "Django's own commands", "Django 管理命令"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what it needs of the database is started first."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    there = {name: command for name, command in COMMANDS.items() if command.exists}
    if not given:
        _parser(there).print_help()
        return 0
    name = _parser(there).parse_args(given[:1]).command
    command = there[name]
    asks_for_help = bool({"-h", "--help"} & set(given[1:]))
    try:
        if command.needs != "nothing" and not asks_for_help:
            use_database(owner=command.needs == "owner", admin=command.needs == "admin")
        if command.needs in ("django", "admin"):
            set_up_django()
        return _function(command)(given[1:])
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def use_database(*, owner: bool = False, admin: bool = False) -> None:
    """Let this process and its children know the database: the configured one, or our own, started now.

    With only DATABASE_URL given, that one role does everything. Our own server's superuser is told only to whom asks.
    """
    if not env.database_url:
        server = ensure_running(env.data_dir)
        env.database_url, env.database_owner_url = server.app_url, server.owner_url
        if admin:
            os.environ["DATABASE_ADMIN_URL"] = server.admin_url
    env.database_owner_url = env.database_owner_url or env.database_url
    if owner:
        env.database_url = env.database_owner_url
    os.environ["DATABASE_URL"] = env.database_url
    os.environ["DATABASE_OWNER_URL"] = env.database_owner_url
    os.environ["DJANGO_SETTINGS_MODULE"] = "anxiu.project.settings"


def set_up_django() -> None:
    """Load the apps, and speak the terminal's language."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "anxiu.project.settings"
    import django
    from django.utils import translation

    django.setup()
    translation.activate("zh-hans" if in_chinese() else "en")


def manage(arguments: list[str]) -> int:
    """Pass the rest on to Django."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["anxiu manage", *arguments])
    return 0


def _function(command: Command) -> Callable[[list[str]], int]:
    module, _, name = command.target.partition(":")
    function: Callable[[list[str]], int] = getattr(import_module(module), name)
    return function


def _parser(there: dict[str, Command]) -> argparse.ArgumentParser:
    width = max(map(len, there))
    listed = "\n".join(f"  {name:<{width}}  {words(each.english, each.chinese)}" for name, each in there.items())
    parser = argparse.ArgumentParser(
        prog="anxiu",
        description=words("Anxiu: after-sales service, run by its own regulation.", "安修：按制度运行的售后服务系统。"),
        epilog=f"{words('Commands', '命令')}:\n{listed}\n\n"
        + words("`anxiu <command> --help` tells more.", "使用 `anxiu <命令> --help` 查看说明。"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=there, metavar=words("command", "命令"), help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
