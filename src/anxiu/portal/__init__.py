"""The customer pages: report a fault, follow an order, sign and rate; reached by links of one purpose, readable without script."""
