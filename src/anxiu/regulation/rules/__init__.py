"""Pure decisions about the regulation: reading a preset, checking figures, and saying figures in words."""
