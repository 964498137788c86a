"""Mail that comes in: a report becomes an order, an answer joins the order it is about, the rest is set aside."""
