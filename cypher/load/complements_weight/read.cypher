// Read: complements weight
// params: {}
MATCH (a:Entity)-[r:COMPLEMENTS]->(b:Entity)
WHERE r.weight IS NOT NULL
RETURN a.id AS head, b.id AS tail, r.weight AS weight, r.rank AS rank, r.release AS release
