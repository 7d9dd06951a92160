// Delete: step
// params: {"rows": [{"id": "x"}]}
UNWIND $rows AS row
MATCH (n:Step {id: row.id})
DETACH DELETE n
