// Take back that entities go with another
// params: {"rows": [{"head": "x", "tail": "x"}]}
UNWIND $rows AS row
MATCH (a:Entity {id: row.head})-[r:COMPLEMENTS]->(b:Entity {id: row.tail})
DELETE r
