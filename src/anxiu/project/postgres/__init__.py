"""The embedded PostgreSQL server: its folder, its life and its two roles.

The server belongs to a data folder, not to a process. `place` says where its files are and who runs them, `cluster`
makes and speaks to it, `keeper` owns start and stop: everybody who needs the server holds a shared file lock, and a
small process of its own stops the server when the last lock is gone, however its holder died.
"""

from anxiu.project.postgres.cluster import Server, ServerError
from anxiu.project.postgres.keeper import Status, ensure_running, status, stop
from anxiu.project.postgres.strays import Stray, find_strays

__all__ = ["Server", "ServerError", "Status", "Stray", "ensure_running", "find_strays", "status", "stop"]
