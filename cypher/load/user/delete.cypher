// Delete: user
// params: {"rows": [{"id": "x"}]}
UNWIND $rows AS row
MATCH (n:User {id: row.id})
DETACH DELETE n
