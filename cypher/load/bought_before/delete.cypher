// Take back that items were bought soon after another
// params: {"rows": [{"item": "x", "next": "x"}]}
UNWIND $rows AS row
MATCH (a:Item {id: row.item})-[r:BOUGHT_BEFORE]->(b:Item {id: row.next})
DELETE r
