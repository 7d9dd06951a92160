// How strong each complementary edge is by what shoppers did, its rank among those of its head, and what items take by it
// params: {}
MATCH (a:Entity)-[r:COMPLEMENTS]->(b:Entity)
RETURN a.id AS head, b.id AS tail, r.weight AS weight, r.rank AS rank, r.items AS items, r.pulls AS pulls, r.affinity AS affinity, r.release AS release
