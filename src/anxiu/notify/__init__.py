"""Telling people: customers by email, staff by email and on their own page, each message a row with its delivery."""
