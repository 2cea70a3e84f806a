"""From a plan to a running attempt: the only room that starts processes, and the journal that tells of them."""
