"""Published log doctors, run as black boxes in environments of their own. The tests need none of them."""
