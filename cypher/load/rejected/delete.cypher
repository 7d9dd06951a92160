// Take back that judged pairs of entities were not accepted
// params: {"rows": [{"head": "x", "tail": "x"}]}
UNWIND $rows AS row
MATCH (a:Entity {id: row.head})-[r:REJECTED]->(b:Entity {id: row.tail})
DELETE r
