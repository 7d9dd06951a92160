// By the learned views: what goes with an entity, the nearest first views to its second one, with their shortlists
// params: {"entity": "tent", "exclude": ["i1"], "limit": 5, "items": 5}
MATCH (e:Entity {id: $entity})
WHERE e.complementary IS NOT NULL
OPTIONAL MATCH (e)-[:SUBSTITUTES]-(s:Entity)
WITH e, collect(DISTINCT s.id) AS alike
// The index is approximate: asked for more than is needed, it misses less.
CALL db.index.vector.queryNodes('entity_substitutable', 4 * $limit + 20 + size(alike), e.complementary) YIELD node, score
// A WHERE of its own: behind YIELD the embedded server knows no e.
WITH e, alike, node AS f, 2.0 * score - 1.0 AS similarity
WHERE f.id <> e.id AND NOT f.id IN alike AND similarity > 0
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
