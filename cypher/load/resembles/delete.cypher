// Take back that items' titles read alike
// params: {"rows": [{"item": "x", "other": "x"}]}
UNWIND $rows AS row
MATCH (a:Item {id: row.item})-[r:RESEMBLES]->(b:Item {id: row.other})
DELETE r
