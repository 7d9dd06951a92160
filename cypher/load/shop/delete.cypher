// Delete: shop
// params: {"rows": [{"id": "x"}]}
UNWIND $rows AS row
MATCH (n:Shop {id: row.id})
DETACH DELETE n
