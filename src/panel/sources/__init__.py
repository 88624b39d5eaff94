"""From files as published to a PanelFrame: readers, regions, codebook, provenance."""
