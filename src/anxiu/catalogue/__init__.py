"""What we service: product families and models, the faults they have, and the parts that mend them."""
