"""Made-up people: jointed bodies that act out up to 60 classes, as videos with annotations or as small tensors."""
