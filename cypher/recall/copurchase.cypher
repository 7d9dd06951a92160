// Directed co-purchase: what others bought soon after these items
// params: {"triggers": [{"item": "i1", "weight": 1.0}], "exclude": ["i1"], "first": 10, "faint": 0.0005, "limit": 40}
UNWIND $triggers AS trigger
MATCH (i:Item {id: trigger.item})-[p:BOUGHT_BEFORE]->(j:Item)
// Two thirds of all parts are too faint to move a list; an item's first followers stay, so that no list runs empty.
WHERE (p.rank <= $first OR trigger.weight * p.weight > $faint) AND j.available AND NOT j.id IN $exclude
WITH j, trigger.weight * p.weight AS part, i.id AS source
WITH j, sum(part) AS score, max([part, source]) AS strongest
ORDER BY score DESC, j.id
LIMIT $limit
OPTIONAL MATCH (j)-[:IS_A {main: true}]->(f:Entity)
WITH j.id AS item, j.title AS title, score, strongest[1] AS source, f.id AS entity, j.appeal AS appeal
ORDER BY score DESC, item
// One row for all: each row of its own costs the server a message and the driver two reads.
RETURN collect([item, title, score, source, entity, appeal]) AS candidates
