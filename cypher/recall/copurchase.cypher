// Directed co-purchase: what others bought soon after these items
// params: {"triggers": [{"item": "i1", "weight": 1.0}], "exclude": ["i1"], "limit": 40}
UNWIND $triggers AS trigger
MATCH (i:Item {id: trigger.item})-[p:BOUGHT_BEFORE]->(j:Item)
WHERE j.available AND NOT j.id IN $exclude
WITH j, trigger.weight * p.weight AS part, i.id AS source
WITH j, sum(part) AS score, max([part, source]) AS strongest
ORDER BY score DESC, j.id
LIMIT $limit
OPTIONAL MATCH (j)-[:IS_A {main: true}]->(f:Entity)
RETURN j.id AS item, j.title AS title, score, strongest[1] AS source, f.id AS entity, j.appeal AS appeal
ORDER BY score DESC, item
