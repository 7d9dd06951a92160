// The cluster of substitutes around an entity, two steps wide
// params: {"entity": "tent"}
// Verdicts have a direction, the cluster has none: an edge either way joins two entities. via is the way there.
MATCH path = (e:Entity {id: $entity})-[:SUBSTITUTES*1..2]-(f:Entity)
WHERE f.id <> $entity
WITH f, length(path) AS steps, [n IN nodes(path) | n.id] AS via, [r IN relationships(path) | r.reason] AS reasons
ORDER BY steps, via
WITH f, collect({steps: steps, via: via, reasons: reasons})[0] AS nearest
OPTIONAL MATCH (i:Item)-[:IS_A {main: true}]->(f)
RETURN f.id AS entity, f.name AS name, nearest.steps AS steps, nearest.via AS via, nearest.reasons AS reasons,
       count(i) AS items
ORDER BY steps, entity
