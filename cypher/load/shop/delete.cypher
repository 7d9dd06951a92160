// Take the shop out, with every relationship it has
// params: {"rows": [{"id": "x"}]}
UNWIND $rows AS row
MATCH (n:Shop {id: row.id})
DETACH DELETE n
