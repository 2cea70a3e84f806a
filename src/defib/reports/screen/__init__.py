"""The parts of the terminal answer, from the top of the screen to its end."""
