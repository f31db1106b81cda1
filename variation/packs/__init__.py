"""The packs of a run: their folders, their manifests, one for each of many areas, and whether they are whole."""
