// Take back what leads from one item to another
// params: {"rows": [{"item": "x", "next": "x"}]}
UNWIND $rows AS row
MATCH (a:Item {id: row.item})-[r:LEADS_TO]->(b:Item {id: row.next})
DELETE r
