"""The bare floor: the least Django application with rows like ours, on the same server and the same database server.

No permissions, rules, clocks, chain, sign-off or translations: it is not a product, it is what the stack itself costs.
"""
