"""Backups of one installation: the database at one moment, every file it names then, and how to come back from them.

A backup is a folder of its own that needs nothing but itself. `taking` makes it while the system works, `checking`
reads every byte of it, `restoring` puts it into a database. It is written under another name and renamed when whole.
"""
