// Set entities as the dictionary gives them
// params: {"rows": [{"id": "x", "name": "x", "aliases": ["x"], "categories": ["x"], "definition": "x", "kind": "x", "durable": true, "parent": "x"}]}
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
SET n.name = row.name,
    n.aliases = row.aliases,
    n.categories = row.categories,
    n.definition = row.definition,
    n.kind = row.kind,
    n.durable = row.durable,
    n.parent = row.parent
