"""Videos, skeletons and annotations: read, checked, prepared, or made up."""
