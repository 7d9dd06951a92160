// Which entities have the same complements as this one, by the learned views
// params: {"entity": "tent", "limit": 20}
MATCH (e:Entity {id: $entity})
WHERE e.complementary IS NOT NULL
// The index is approximate: asked for more than is needed, it misses less.
CALL db.index.vector.queryNodes('entity_complementary', 4 * toInteger($limit) + 20, e.complementary) YIELD node, score
WITH e, node AS f, 2.0 * score - 1.0 AS similarity
WHERE f.id <> e.id
OPTIONAL MATCH (e)-[:COMPLEMENTS]->(shared:Entity)<-[:COMPLEMENTS]-(f)
WITH e, f, similarity, collect(shared.name) AS shared
OPTIONAL MATCH (e)-[s:SUBSTITUTES]-(f)
RETURN f.id AS entity, f.name AS name, similarity, count(s) > 0 AS substitutes, shared
ORDER BY similarity DESC, entity
LIMIT toInteger($limit)
