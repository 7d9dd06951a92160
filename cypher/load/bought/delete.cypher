// Take back who bought what
// params: {"rows": [{"user": "x", "item": "x"}]}
UNWIND $rows AS row
MATCH (a:User {id: row.user})-[r:BOUGHT]->(b:Item {id: row.item})
DELETE r
