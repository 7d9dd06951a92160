// Entities judged to go with another: head is owned, tail is wanted next
// params: {}
MATCH (a:Entity)-[r:COMPLEMENTS]->(b:Entity)
RETURN a.id AS head, b.id AS tail, r.probability AS probability, r.strength AS strength, r.reason AS reason, r.judge AS judge, r.prompt AS prompt, r.votes AS votes, r.judged_at AS judged_at
