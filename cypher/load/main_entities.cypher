// Every item's main entity
// params: {}
MATCH (i:Item)-[:IS_A {main: true}]->(e:Entity)
RETURN i.id AS item, e.id AS entity, e.durable AS durable, e.kind AS kind
