"""At the bedside of a restarted run: whether the plan arrived, and whether it worked. Pure functions; the supervisor asks them."""
