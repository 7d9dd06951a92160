// Entities as the dictionary gives them
// params: {}
MATCH (n:Entity)
RETURN n.id AS id, n.name AS name, n.aliases AS aliases, n.categories AS categories, n.definition AS definition, n.kind AS kind, n.durable AS durable, n.parent AS parent
