"""The edge-weight model (E-E-I): two views of each entity, tied by contrast, and the strength of edges for items."""
