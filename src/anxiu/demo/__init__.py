"""A company to look at: simulated by playing the real actions, ticks and reactors against the movable clock."""
