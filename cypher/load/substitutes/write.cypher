// Set which entities replace another, as judged
// params: {"rows": [{"head": "x", "tail": "x", "strength": 1, "reason": "x", "judge": "x", "prompt": "x", "votes": 1, "judged_at": 1}]}
UNWIND $rows AS row
MATCH (a:Entity {id: row.head})
MATCH (b:Entity {id: row.tail})
MERGE (a)-[r:SUBSTITUTES]->(b)
SET r.strength = row.strength,
    r.reason = row.reason,
    r.judge = row.judge,
    r.prompt = row.prompt,
    r.votes = row.votes,
    r.judged_at = row.judged_at
