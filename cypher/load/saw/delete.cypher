// Take back who was shown what
// params: {"rows": [{"user": "x", "item": "x"}]}
UNWIND $rows AS row
MATCH (a:User {id: row.user})-[r:SAW]->(b:Item {id: row.item})
DELETE r
