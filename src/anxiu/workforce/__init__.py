"""Engineers: what they can do, whether they may be sent, when they work, and that nobody is ever booked twice."""
