// Set how strong complementary edges are by what shoppers did, and what items take by them
// params: {"rows": [{"head": "x", "tail": "x", "weight": 0.5, "rank": 1, "items": ["x"], "pulls": [1.5], "affinity": 0.5, "release": "x"}]}
UNWIND $rows AS row
MATCH (a:Entity {id: row.head})-[r:COMPLEMENTS]->(b:Entity {id: row.tail})
SET r.weight = row.weight,
    r.rank = row.rank,
    r.items = row.items,
    r.pulls = row.pulls,
    r.affinity = row.affinity,
    r.release = row.release
