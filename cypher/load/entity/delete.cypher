// Take entities out, with every relationship they have
// params: {"rows": [{"id": "x"}]}
UNWIND $rows AS row
MATCH (n:Entity {id: row.id})
DETACH DELETE n
