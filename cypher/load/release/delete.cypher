// Take releases out
// params: {"rows": [{"id": "x"}]}
UNWIND $rows AS row
MATCH (n:Release {id: row.id})
DETACH DELETE n
