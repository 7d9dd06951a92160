// Take back who clicked what
// params: {"rows": [{"user": "x", "item": "x"}]}
UNWIND $rows AS row
MATCH (a:User {id: row.user})-[r:CLICKED]->(b:Item {id: row.item})
DELETE r
