// U2E2I: from a user's entities over complementary edges to new entities and their shortlisted items
// params: {"interests": [{"entity": "tent", "weight": 0.9}], "owned": ["tent"], "exclude": ["i9"], "targets": 40, "items": 5}
UNWIND $interests AS interest
MATCH (e:Entity {id: interest.entity})-[c:COMPLEMENTS]->(f:Entity)
WHERE NOT f.id IN $owned
WITH f, e, c, interest.weight * c.weight AS active
ORDER BY active DESC, e.id
WITH f,
     collect(active) AS actives,
     collect({id: e.id, name: e.name, weight: c.weight, reason: c.reason})[0] AS best
WITH f, actives, best, reduce(miss = 1.0, a IN actives | miss * (1.0 - a)) AS miss
ORDER BY miss, f.id
LIMIT $targets
OPTIONAL MATCH (f)-[o:OFFERS]->(i:Item)
WHERE o.rank <= $items + size($exclude) AND NOT i.id IN $exclude
WITH f, actives, best, miss, o, i
ORDER BY o.rank
WITH f, actives, best, miss, collect([i.id, i.title, i.appeal]) AS items
RETURN f.id AS target, f.name AS name, actives, best.id AS source, best.name AS source_name, best.weight AS weight,
       best.reason AS reason, items
ORDER BY miss, target
