// Unlink items from entities that they are not
// params: {"rows": [{"item": "x", "entity": "x"}]}
UNWIND $rows AS row
MATCH (a:Item {id: row.item})-[r:IS_A]->(b:Entity {id: row.entity})
DELETE r
