"""People, the posts that say what they may do, the regions and outlets that say whose rows they see, and links."""
