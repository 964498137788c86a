"""Template tags of every face that is rendered here: `{% load anxiu %}`."""
