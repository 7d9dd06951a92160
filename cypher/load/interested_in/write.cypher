// Set how interested users are in entities
// params: {"rows": [{"user": "x", "entity": "x", "weight": 0.5, "last_at": 1}]}
UNWIND $rows AS row
MATCH (a:User {id: row.user})
MATCH (b:Entity {id: row.entity})
MERGE (a)-[r:INTERESTED_IN]->(b)
SET r.weight = row.weight,
    r.last_at = row.last_at
