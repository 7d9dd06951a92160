// Set which items were bought soon after another
// params: {"rows": [{"item": "x", "next": "x", "weight": 0.5, "rank": 1}]}
UNWIND $rows AS row
MATCH (a:Item {id: row.item})
MATCH (b:Item {id: row.next})
MERGE (a)-[r:BOUGHT_BEFORE]->(b)
SET r.weight = row.weight,
    r.rank = row.rank
