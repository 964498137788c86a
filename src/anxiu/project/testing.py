"""A pytest plugin: the environment of a test run, set before Django reads its settings.

It is loaded by name (`-p anxiu.project.testing`), because a conftest comes too late: pytest-django has read the
settings by then. Without DATABASE_URL it starts the embedded server in a folder of its own, with everything on that
production has (fsync, checksums, scram); the last test run to end stops it. Workers of pytest-xdist inherit the
addresses.
"""

import os
from pathlib import Path

from anxiu.project.catalogues import compile_all
from anxiu.project.postgres import ensure_running

_ROOT = Path(__file__).resolve().parents[3]  # not from environment.py, which reads the variables set below

compile_all()
os.environ["ANXIU_TEST"] = "1"
os.environ.setdefault("ANXIU_DATA_DIR", str(_ROOT / ".anxiu" / "test"))
(Path(os.environ["ANXIU_DATA_DIR"]) / "static").mkdir(parents=True, exist_ok=True)
# Two runs at once must not clear away each other's files.
_media = f"media{os.environ.get('ANXIU_TEST_SUFFIX', '')}"
os.environ.setdefault("ANXIU_MEDIA_DIR", str(Path(os.environ["ANXIU_DATA_DIR"]) / _media))

if not os.environ.get("DATABASE_URL"):
    _server = ensure_running(Path(os.environ["ANXIU_DATA_DIR"]))
    # Tests create and drop their database, so Django connects as the owner; the application's own role has its address
    # beside it for the tests of what that role may not do.
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = _server.owner_url
    os.environ["ANXIU_TEST_APP_URL"], os.environ["ANXIU_TEST_ADMIN_URL"] = _server.app_url, _server.admin_url
