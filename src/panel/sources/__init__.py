"""Raw files, their provenance, region names and the codebook, assembled into a PanelFrame."""
