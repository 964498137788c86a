"""Ask for known vulnerabilities in what the lock files install: `uv audit` for Python, `npm audit` for the front end.

    python3 scripts/audit.py           leaves 0 if none is known, 1 if there is one, 2 if somebody could not be asked

Standard library only. `--advisories` and `--registry` name other places to ask than the public ones. With
`--reachable` a service out of reach is said and leaves 0: a build without a network knows nothing, and is not broken.
"""

import argparse
import json
import os
import subprocess
import sys

from setup import FRONTEND, ROOT, find_npm, find_uv

NONE, FOUND, NOT_ASKED = 0, 1, 2
SECONDS = 120  # source: own choice; both answer within a few seconds


def ask(command, cwd, environment=None):
    """What a command answered: its code, what it said as data, and its last words."""
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=SECONDS,
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return NOT_ASKED, {}, str(error)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        said = {}
    return done.returncode, said, (done.stderr.strip().splitlines() or [""])[-1].strip()


def python_packages(service):
    """What is known about the packages of uv.lock, as lines; nothing if nobody could be asked."""
    preview = ("--preview-features", "audit-command", "--preview-features", "json-output")
    where = ("--service-url", service) if service else ()
    command = (find_uv(), "audit", "--frozen", "--output-format", "json", *preview, *where)
    code, said, words = ask(command, ROOT)
    if code not in (NONE, FOUND) or "vulnerabilities" not in said:
        return None, words
    lines = [
        f"{each['dependency']['name']} {each['dependency']['version']}: {each['id']} {each['summary']}; "
        f"fixed in {', '.join(each['fix_versions']) or '(no version yet)'}"
        for each in said["vulnerabilities"]
    ]  # fmt: skip
    return lines + [f"{each}" for each in said.get("adverse_statuses", [])], ""


def npm_packages(registry):
    """What is known about the packages of package-lock.json, as lines; nothing if nobody could be asked."""
    npm, environment = find_npm()
    where = ("--registry", registry) if registry else ()
    command = (*npm, "audit", "--json", "--fetch-retries=0", *where)
    _code, said, words = ask(command, FRONTEND, {**os.environ, **environment})
    if "vulnerabilities" not in said:
        return None, said.get("message") or words
    return [
        f"{name}: {each['severity']}: {why.get('title', '')} {why.get('url', '')}".rstrip()
        for name, each in said["vulnerabilities"].items() for why in each["via"] if isinstance(why, dict)
    ], ""  # fmt: skip


def main(arguments):
    """Ask both, say what they know, and leave the code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--advisories", default="", help="an OSV service")
    parser.add_argument("--registry", default="", help="an npm registry")
    parser.add_argument("--reachable", action="store_true", help="leave 0 where a service is out of reach")
    chosen = parser.parse_args(arguments)
    code = NONE
    for whose, (lines, words) in (
        ("uv.lock", python_packages(chosen.advisories)), ("package-lock.json", npm_packages(chosen.registry)),
    ):  # fmt: skip
        if lines is None:
            print(f"{whose}: NOT ASKED: {words}")
            code = code or NOT_ASKED
        else:
            print(f"{whose}: {len(lines) or 'none'} known", *lines, sep="\n  ")
            code = FOUND if lines else code
    if code == NOT_ASKED and chosen.reachable:
        print("audit: NOT DONE, the advisories are out of reach")
        return NONE
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
