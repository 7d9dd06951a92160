// Make users known
// params: {"rows": [{"id": "x"}]}
UNWIND $rows AS row
MERGE (n:User {id: row.id})
