// Set which judged pairs of entities were not accepted, and why
// params: {"rows": [{"head": "x", "tail": "x", "label": "x", "reason": "x", "judge": "x", "prompt": "x", "votes": 1, "judged_at": 1}]}
UNWIND $rows AS row
MATCH (a:Entity {id: row.head})
MATCH (b:Entity {id: row.tail})
MERGE (a)-[r:REJECTED]->(b)
SET r.label = row.label,
    r.reason = row.reason,
    r.judge = row.judge,
    r.prompt = row.prompt,
    r.votes = row.votes,
    r.judged_at = row.judged_at
