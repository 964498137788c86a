"""`make soak`: a loaded installation of several machines whose parts are killed, and whether anything was lost."""
