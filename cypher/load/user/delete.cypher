// Forget users, with all that they did
// params: {"rows": [{"id": "x"}]}
UNWIND $rows AS row
MATCH (n:User {id: row.id})
DETACH DELETE n
