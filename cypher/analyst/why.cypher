// Why an item was recommended to a user: each purchase that leads to it
// params: {"user": "u1", "item": "i1"}
// Two ways: over entities (interest times weight is the chance that anything of the target is bought, of which the item has a
// share) and by co-purchase of the two items.
MATCH (j:Item {id: $item})
MATCH (u:User {id: $user})-[b:BOUGHT]->(i:Item)
OPTIONAL MATCH (i)-[:IS_A {main: true}]->(e:Entity)
OPTIONAL MATCH (j)-[:IS_A {main: true}]->(f:Entity)
WITH u, b, i, j, e, f, e.id AS source, f.id AS target
// The embedded server takes an entity that is null for any entity at all.
OPTIONAL MATCH (u)-[a:INTERESTED_IN]->(e) WHERE source IS NOT NULL
OPTIONAL MATCH (e)-[c:COMPLEMENTS]->(f) WHERE source IS NOT NULL AND target IS NOT NULL
OPTIONAL MATCH (i)-[p:BOUGHT_BEFORE]->(j)
WITH i, b, e, f, a, c, p
WHERE c IS NOT NULL OR p IS NOT NULL
RETURN i.id AS bought, i.title AS title, b.count AS times, e.id AS source, f.id AS target, a.weight AS interest,
       c.weight AS weight, c.reason AS reason, p.weight AS copurchase
ORDER BY coalesce(interest * weight, 0.0) DESC, coalesce(copurchase, 0.0) DESC, bought
