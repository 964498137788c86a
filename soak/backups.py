"""Online backups of the loaded system, and one of them restored into an empty database and folder."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from soak.checks import Check, Run
from soak.place import Place

TRIES = 5


@dataclass
class Backups:
    """What was tried, and what each try said."""

    place: Place
    tries: list[tuple[float, float, int, str]] = field(default_factory=list)
    made: int = 0

    @property
    def folder(self) -> Path:
        return self.place.folder / "backups"

    def take(self) -> None:
        """One backup; where a fault ends it, again."""
        for _ in range(TRIES):
            began = time.time()
            done = self.place.command("backup", str(self.folder), check=False)
            self.tries.append((began, time.time(), done.returncode, (done.stdout + done.stderr).strip()))
            if not done.returncode:
                self.made += 1
                return
            time.sleep(1)

    def check(self, run: Run) -> Check:
        """Restore the newest into an empty database and folder, and verify there."""
        if not self.made:
            return Check(
                "A backup taken under load restores and verifies",
                "none was made",
                holds=False,
                wrong=[each[3] for each in self.tries],
            )
        self.place.admin("create database soak_restored owner anxiu_owner")
        self.place.admin("grant connect, temporary on database soak_restored to anxiu_app")
        name = "restored"
        urls = {
            key: url.replace("/anxiu?", "/soak_restored?")
            for key, url in (
                ("DATABASE_URL", self.place.server.app_url),
                ("DATABASE_OWNER_URL", self.place.server.owner_url),
            )
        }
        media = {"ANXIU_MEDIA_DIR": str(self.place.folder / "restored" / "media"), **urls}
        began = time.monotonic()
        done = self.place.command("restore", str(self.folder), "--into-empty", name=name, check=False, **media)
        took = time.monotonic() - began
        verify = self.place.command("verify", "--language", "en", name=name, check=False, **media)
        wrong = [each.stdout + each.stderr for each in (done, verify) if each.returncode]
        if not wrong:
            inside = self.place.command(
                str(run.first),
                name=name,
                module="soak.inside",
                check=False,
                **urls,
                ANXIU_MEDIA_DIR=media["ANXIU_MEDIA_DIR"],
            )
            wrong += _inside(inside.stdout, inside.stderr, inside.returncode)
        events, orders = (
            self.place.sql(
                "select (select count(*) from kernel_event), (select count(*) from orders_order)",
                database="soak_restored",
            )[0]
            if not done.returncode
            else (0, 0)
        )
        failed = sum(bool(code) for *_, code, _ in self.tries)
        said = f"{self.made} made ({failed} ended by a fault and repeated); restored in {took:.0f} s: {events} events, {orders} orders, {verify.stdout.strip().splitlines()[0] if verify.stdout else ''}"
        return Check("A backup taken under load restores and verifies", said, not wrong, wrong)


def _inside(said: str, error: str, code: int) -> list[str]:
    import json

    if code:
        return [error]
    found = json.loads(said)
    # Of what waited at the moment of the backup the effects are still to come: these are not asked for.
    return [line for part in ("replayed", "files") for line in found[part]["wrong"]]
