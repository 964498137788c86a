"""What turns the apps into a running installation: settings, URLs, servers, the `anxiu` command."""
