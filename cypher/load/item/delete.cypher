// Take items out, with every relationship they have
// params: {"rows": [{"id": "x"}]}
UNWIND $rows AS row
MATCH (n:Item {id: row.id})
DETACH DELETE n
