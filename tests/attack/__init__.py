"""An attack on written packs: what a reader who knows the method can work out about counts that are withheld."""
