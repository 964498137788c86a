"""How a regulation is taken up: read, quizzed and acknowledged; spoken of clause by clause; reviewed and taught."""
