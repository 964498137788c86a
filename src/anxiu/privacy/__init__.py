"""Personal data as the person's right: what is held about somebody, and taking it along as one file."""
