// By the learned views: what an entity may be replaced by, the nearest first views to its own, with their shortlists
// params: {"entity": "tent", "exclude": ["i1"], "limit": 5, "items": 5}
MATCH (e:Entity {id: $entity})
WHERE e.substitutable IS NOT NULL
// The index is approximate: asked for more than is needed, it misses less.
CALL db.index.vector.queryNodes('entity_substitutable', 4 * $limit + 20, e.substitutable) YIELD node, score
// A WHERE of its own: behind YIELD the embedded server knows no e.
WITH e, node AS f, 2.0 * score - 1.0 AS similarity
WHERE f.id <> e.id AND similarity > 0
WITH e, f, similarity
ORDER BY similarity DESC, f.id
LIMIT $limit
OPTIONAL MATCH (f)-[o:OFFERS]->(i:Item)
WHERE o.rank <= $items + size($exclude) AND i.available AND NOT i.id IN $exclude
WITH e, f, similarity, o, i
ORDER BY o.rank
WITH e, f, similarity, collect([i.id, i.title, i.appeal, coalesce(i.share, 0.0)])[0..$items] AS items
WITH e.id AS source, e.name AS source_name, f.id AS target, f.name AS target_name, similarity, items
ORDER BY similarity DESC, target
// One row for all: each row of its own costs the server a message and the driver two reads.
RETURN collect([source, source_name, target, target_name, similarity, items]) AS neighbours
