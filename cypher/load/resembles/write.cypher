// Set which items' titles read alike
// params: {"rows": [{"item": "x", "other": "x", "similarity": 0.5, "rank": 1}]}
UNWIND $rows AS row
MATCH (a:Item {id: row.item})
MATCH (b:Item {id: row.other})
MERGE (a)-[r:RESEMBLES]->(b)
SET r.similarity = row.similarity,
    r.rank = row.rank
