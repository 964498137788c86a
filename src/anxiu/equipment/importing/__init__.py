"""From a file to lines: which columns hold what, how dates and amounts are written, and the `anxiu import` command."""
