// U2E2I: from a user's entities over complementary edges to new entities and their shortlisted items
// params: {"interests": [{"entity": "tent", "weight": 0.9}], "owned": ["tent"], "exclude": ["i9"], "targets": 20, "items": 5}
UNWIND $interests AS interest
MATCH (e:Entity {id: interest.entity})-[c:COMPLEMENTS]->(f:Entity)
// An entity without items has popularity 0: it must not take one of the places.
WHERE NOT f.id IN $owned AND coalesce(f.popularity, 1.0) > 0
WITH f, e, c, c.weight AS weight, interest.weight AS interest
// A reader on Neo4j meets an edge that is being deleted with some of its properties gone already.
WHERE weight IS NOT NULL
WITH f, interest * weight AS active, interest, weight, e, c
// The greatest list is the one of the strongest edge: max() costs less than sorting before collect().
WITH f, collect(active) AS actives,
     collect([e.id, interest, weight, coalesce(c.probability, 0.0), coalesce(c.affinity, 0.0), c.items, c.pulls]) AS edges,
     max([active, e.id, e.name, weight, c.reason]) AS best
WITH f, edges, best, reduce(miss = 1.0, a IN actives | miss * (1.0 - a)) AS miss
ORDER BY miss, f.id
LIMIT $targets
OPTIONAL MATCH (f)-[o:OFFERS]->(i:Item)
WHERE o.rank <= $items + size($exclude) AND i.available AND NOT i.id IN $exclude
WITH f, edges, best, miss, o, i
ORDER BY o.rank
WITH f, edges, best, miss, collect([i.id, i.title, i.appeal, coalesce(i.share, 0.0)]) AS items
WITH f.id AS target, f.name AS name, edges, best[1] AS source, best[2] AS source_name, best[3] AS weight,
     best[4] AS reason, items, miss
ORDER BY miss, target
// One row for all: each row of its own costs the server a message and the driver two reads.
RETURN collect([target, name, edges, source, source_name, weight, reason, items]) AS targets
