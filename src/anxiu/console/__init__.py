"""The desktop console: pages for the people who run the service, one action a verb."""
