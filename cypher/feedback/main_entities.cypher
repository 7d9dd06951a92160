// The main entities of some items
// params: {"items": ["i1"]}
UNWIND $items AS id
MATCH (i:Item {id: id})-[:IS_A {main: true}]->(e:Entity)
RETURN i.id AS item, e.id AS entity, e.durable AS durable, e.kind AS kind
