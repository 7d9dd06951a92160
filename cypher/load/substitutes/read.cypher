// Entities judged to replace another
// params: {}
MATCH (a:Entity)-[r:SUBSTITUTES]->(b:Entity)
RETURN a.id AS head, b.id AS tail, r.strength AS strength, r.reason AS reason, r.judge AS judge, r.prompt AS prompt, r.votes AS votes, r.judged_at AS judged_at
