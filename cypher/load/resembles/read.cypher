// Items whose titles read alike: cosine of their text vectors, and rank among an item's own
// params: {}
MATCH (a:Item)-[r:RESEMBLES]->(b:Item)
RETURN a.id AS item, b.id AS other, r.similarity AS similarity, r.rank AS rank
