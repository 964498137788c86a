"""What Anxiu costs beside a bare Django floor on the same machine: `make bench`, explained in README.md."""
