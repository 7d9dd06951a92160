// What goes with an entity, and why
// params: {"entity": "tent", "limit": 20}
// prior is what the verdict alone says, weight what purchases made of it; rank 1 is the strongest edge of the entity.
MATCH (:Entity {id: $entity})-[c:COMPLEMENTS]->(f:Entity)
RETURN f.id AS entity, f.name AS name, c.rank AS rank, c.weight AS weight, c.probability AS prior,
       c.strength AS strength, c.judge AS judge, c.reason AS reason
ORDER BY rank, entity
LIMIT toInteger($limit)
