// The graph belongs to one shop
// params: {"id": "beauty"}
MERGE (s:Shop {id: $id})
