// Items whose link to an entity is least sure, the most bought first among equals
// params: {"limit": 50}
MATCH (i:Item)-[r:IS_A {main: true}]->(e:Entity)
RETURN i.id AS item, i.title AS title, i.category AS category, e.id AS entity, r.confidence AS confidence,
       r.source AS source, i.popularity AS popularity
ORDER BY confidence, popularity DESC, item
LIMIT toInteger($limit)
