// Set the shortlists of entities
// params: {"rows": [{"entity": "x", "item": "x", "rank": 1}]}
UNWIND $rows AS row
MATCH (a:Entity {id: row.entity})
MATCH (b:Item {id: row.item})
MERGE (b)<-[r:OFFERS]-(a)
SET r.rank = row.rank
