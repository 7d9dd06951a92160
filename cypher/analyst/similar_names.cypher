// Which entities have names that read like this one's
// params: {"entity": "tent", "limit": 20}
MATCH (e:Entity {id: $entity})
WHERE e.text IS NOT NULL
// The index is approximate: asked for more than is needed, it misses less.
CALL db.index.vector.queryNodes('entity_text', 4 * toInteger($limit) + 20, e.text) YIELD node, score
WITH e, node AS f, 2.0 * score - 1.0 AS similarity
WHERE f.id <> e.id
OPTIONAL MATCH (e)-[c:COMPLEMENTS|SUBSTITUTES]-(f)
RETURN f.id AS entity, f.name AS name, similarity, collect(DISTINCT type(c)) AS judged
ORDER BY similarity DESC, entity
LIMIT toInteger($limit)
