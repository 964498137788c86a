"""Service contracts: what a customer agreed to, what it covers, and what an order is entitled to."""
