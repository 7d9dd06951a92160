// Take back that entities replace another
// params: {"rows": [{"head": "x", "tail": "x"}]}
UNWIND $rows AS row
MATCH (a:Entity {id: row.head})-[r:SUBSTITUTES]->(b:Entity {id: row.tail})
DELETE r
