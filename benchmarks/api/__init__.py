"""How fast the API answers: at a steady rate, and at the most, beside an empty endpoint."""
