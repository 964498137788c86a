"""Files: bytes kept once by their digest, what they are attached to, and documents made from data."""
