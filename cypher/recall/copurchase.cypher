// Directed co-purchase: what others bought soon after these items, nothing of the kinds that are dropped
// params: {"triggers": [{"item": "i1", "weight": 1.0}], "exclude": ["i1"], "dropped": ["tent"], "first": 10, "faint": 0.0005, "limit": 40}
UNWIND $triggers AS trigger
MATCH (i:Item {id: trigger.item})-[p:BOUGHT_BEFORE]->(j:Item)
// Two thirds of all parts are too faint to move a list; an item's first followers stay, so that no list runs empty.
WHERE (p.rank <= $first OR trigger.weight * p.weight > $faint) AND j.available AND NOT j.id IN $exclude
WITH j, trigger.weight * p.weight AS part, i.id AS source
WITH j, sum(part) AS score, max([part, source]) AS strongest
// Before the LIMIT, else lists run short; whoever owns no durable does not pay for the question.
WHERE size($dropped) = 0 OR NOT EXISTS {
  MATCH (j)-[:IS_A {main: true}]->(kind:Entity) WHERE kind.id IN $dropped
}
WITH j, score, strongest
ORDER BY score DESC, j.id
LIMIT $limit
OPTIONAL MATCH (j)-[:IS_A {main: true}]->(f:Entity)
WITH j.id AS item, j.title AS title, score, strongest[1] AS source, f.id AS entity, coalesce(j.share, 0.0) AS share
ORDER BY score DESC, item
// One row for all: each row of its own costs the server a message and the driver two reads.
RETURN collect([item, title, score, source, entity, share]) AS candidates
