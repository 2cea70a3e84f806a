"""Foreign configs, parsed and never run. One file for each way of writing them."""
