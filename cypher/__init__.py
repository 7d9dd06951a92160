"""Every Cypher statement, one a file; loaded by name with `graph.statements`."""
