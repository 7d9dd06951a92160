// An item's entities, the main one first
// params: {"item": "i1"}
MATCH (i:Item {id: $item})
OPTIONAL MATCH (i)-[r:IS_A]->(e:Entity)
RETURN i.id AS item, e.id AS entity, r.main AS main
ORDER BY main DESC, entity
