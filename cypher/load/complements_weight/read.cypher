// How strong each complementary edge is by real purchases, and its rank among those of its head
// params: {}
MATCH (a:Entity)-[r:COMPLEMENTS]->(b:Entity)
RETURN a.id AS head, b.id AS tail, r.weight AS weight, r.rank AS rank, r.release AS release
