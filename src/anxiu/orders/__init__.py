"""The service order: from the reported fault through seven steps to the archive, with its evidence and its owner."""
