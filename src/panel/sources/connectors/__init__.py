"""Connectors to statistics services: a query by codes, regions and years becomes figures."""
