"""To-dos: each is about one thing, has one owner, a moment by which it is due, and the fact that closed it."""
