// How popular each entity is, and the segment that puts it in
// params: {}
MATCH (n:Entity)
RETURN n.id AS id, n.segment AS segment, n.popularity AS popularity
