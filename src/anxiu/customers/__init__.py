"""Customers with their tiers, the sites where we serve them, and the people we talk to there."""
