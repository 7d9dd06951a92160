// What leads from the newest items owned to others: the candidates of the learned ranker, each with its evidence
// params: {"triggers": [{"item": "i1", "place": 0, "cap": 40}], "exclude": ["i1"]}
UNWIND $triggers AS trigger
MATCH (i:Item {id: trigger.item})-[l:LEADS_TO]->(j:Item)
WHERE l.rank <= trigger.cap AND j.available AND NOT j.id IN $exclude
WITH j, collect([trigger.place, l.followed, l.preceded, l.cosine, l.title, l.kind, l.brand, l.shelf]) AS evidence
OPTIONAL MATCH (j)-[:IS_A {main: true}]->(f:Entity)
// One row for all: each row of its own costs the server a message and the driver two reads.
RETURN collect([j.id, j.title, f.id, j.appeal, evidence]) AS candidates
