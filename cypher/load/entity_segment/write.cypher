// Set how popular entities are, and the segment that puts them in
// params: {"rows": [{"id": "x", "segment": "x", "popularity": 0.5}]}
UNWIND $rows AS row
MATCH (n:Entity {id: row.id})
SET n.segment = row.segment,
    n.popularity = row.popularity
