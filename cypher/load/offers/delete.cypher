// Take items off the shortlists of entities
// params: {"rows": [{"entity": "x", "item": "x"}]}
UNWIND $rows AS row
MATCH (a:Entity {id: row.entity})-[r:OFFERS]->(b:Item {id: row.item})
DELETE r
