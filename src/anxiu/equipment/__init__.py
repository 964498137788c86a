"""The machines we service: where they stand, what they are, their warranty and their history."""
