"""The packs of a run: of the whole and of single areas, their folders and manifests, whether they are whole."""
