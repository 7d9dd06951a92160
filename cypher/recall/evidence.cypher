// What leads from the newest items owned to others: the candidates of the learned ranker, each with its evidence
// params: {"triggers": [{"item": "i1", "place": 0, "cap": 40}], "exclude": ["i1"], "dropped": ["tent"]}
UNWIND $triggers AS trigger
MATCH (i:Item {id: trigger.item})-[l:LEADS_TO]->(j:Item)
WHERE l.rank <= trigger.cap AND j.available AND NOT j.id IN $exclude
WITH j, collect([trigger.place, l.followed, l.preceded, l.cosine, l.title, l.kind, l.brand, l.shelf]) AS evidence
OPTIONAL MATCH (j)-[:IS_A {main: true}]->(f:Entity)
WITH j, f.id AS entity, evidence
WHERE entity IS NULL OR NOT entity IN $dropped
// One row for all: each row of its own costs the server a message and the driver two reads.
RETURN collect([j.id, j.title, entity, j.appeal, coalesce(j.share, 0.0), evidence]) AS candidates
