// Set how strong complementary edges are by real purchases
// params: {"rows": [{"head": "x", "tail": "x", "weight": 0.5, "rank": 1, "release": "x"}]}
UNWIND $rows AS row
MATCH (a:Entity {id: row.head})-[r:COMPLEMENTS]->(b:Entity {id: row.tail})
SET r.weight = row.weight,
    r.rank = row.rank,
    r.release = row.release
