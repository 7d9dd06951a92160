// Set who bought what, how often and when last
// params: {"rows": [{"user": "x", "item": "x", "at": 1, "count": 1, "position": 1}]}
UNWIND $rows AS row
MATCH (a:User {id: row.user})
MATCH (b:Item {id: row.item})
MERGE (a)-[r:BOUGHT]->(b)
SET r.at = row.at,
    r.count = row.count,
    r.position = row.position
