"""The customer pages: report a fault, follow an order, sign and rate.

Links of one purpose lead to them; they are readable and usable without an account and without script.
"""
