// Drop the notes of steps, so that they are done anew
// params: {"rows": [{"id": "x"}]}
UNWIND $rows AS row
MATCH (n:Step {id: row.id})
DETACH DELETE n
