// Is there such an entity?
// params: {"entity": "tent"}
MATCH (e:Entity {id: $entity})
RETURN e.id AS entity
