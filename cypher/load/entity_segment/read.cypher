// Read: entity segment
// params: {}
MATCH (n:Entity)
WHERE n.segment IS NOT NULL
RETURN n.id AS id, n.segment AS segment, n.popularity AS popularity
