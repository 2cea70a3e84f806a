"""What the hooks cost, and what they bring back, beside the alternatives."""
