// What replaces an item: the most popular items of its own entity, then of the entities judged substitutes of it
// params: {"item": "i1", "exclude": ["i1"], "items": 20}
MATCH (:Item {id: $item})-[:IS_A {main: true}]->(e:Entity)
OPTIONAL MATCH (e)-[s:SUBSTITUTES]->(f:Entity)
WITH e, collect({entity: f, strength: coalesce(s.strength, 0), reason: s.reason}) AS others
WITH e, [{entity: e, strength: 4, reason: null}] + others AS places
UNWIND places AS place
WITH e, place, place.entity AS f
WHERE f IS NOT NULL
MATCH (i:Item)-[:IS_A {main: true}]->(f)
WHERE i.available AND NOT i.id IN $exclude
RETURN i.id AS item, i.title AS title, coalesce(i.appeal, 0.0) AS appeal, place.strength AS strength, place.reason AS reason,
       e.id AS source, e.name AS source_name, f.id AS target, f.name AS target_name
ORDER BY strength DESC, i.popularity_rank, item
LIMIT $items
