// Pairs of entities that were judged and not accepted, and why
// params: {}
MATCH (a:Entity)-[r:REJECTED]->(b:Entity)
RETURN a.id AS head, b.id AS tail, r.label AS label, r.reason AS reason, r.judge AS judge, r.prompt AS prompt, r.votes AS votes, r.judged_at AS judged_at
