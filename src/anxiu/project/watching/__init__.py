"""What those who run an installation see of it: numbers at `/metrics`, one line a request and a job in the log.

Neither names a person: numbers are by route, lines name people by id, and what passes for a secret, an address or a
number in a text is blotted out.
"""
