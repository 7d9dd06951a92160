// Write: entity segment
// params: {"rows": [{"id": "x", "segment": "x", "popularity": 0.5}]}
UNWIND $rows AS row
MATCH (n:Entity {id: row.id})
SET n.segment = row.segment,
    n.popularity = row.popularity
