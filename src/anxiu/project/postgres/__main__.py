"""The keeper as a program: `python -m anxiu.project.postgres <data folder>`."""

import sys
from pathlib import Path

from anxiu.project.postgres.cluster import ServerError
from anxiu.project.postgres.keeper import keep

if __name__ == "__main__":
    try:
        sys.exit(keep(Path(sys.argv[1])))
    except ServerError as error:
        sys.exit(str(error))
