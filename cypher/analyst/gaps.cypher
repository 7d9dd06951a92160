// Coverage gaps: entities without items, or without an edge in one of the directions
// params: {"limit": 50}
// items counts main links only; the most popular entities stand first, since their gaps cost most.
MATCH (e:Entity)
OPTIONAL MATCH (i:Item)-[:IS_A {main: true}]->(e)
WITH e, count(i) AS items
OPTIONAL MATCH (e)-[c:COMPLEMENTS]->(:Entity)
WITH e, items, count(c) AS complements
OPTIONAL MATCH (:Entity)-[c:COMPLEMENTS]->(e)
WITH e, items, complements, count(c) AS complement_of
WHERE items = 0 OR complements = 0 OR complement_of = 0
RETURN e.id AS entity, e.name AS name, e.segment AS segment, e.popularity AS popularity, items, complements, complement_of
ORDER BY popularity DESC, entity
LIMIT toInteger($limit)
