// Set the text vectors of entities' names
// params: {"rows": [{"id": "x", "text": [0.5]}]}
UNWIND $rows AS row
MATCH (n:Entity {id: row.id})
SET n.text = row.text
