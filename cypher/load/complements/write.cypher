// Set which entities go with another, as judged; the judge's probability is a new edge's first weight
// params: {"rows": [{"head": "x", "tail": "x", "probability": 0.5, "strength": 1, "reason": "x", "judge": "x", "prompt": "x", "votes": 1, "judged_at": 1}]}
UNWIND $rows AS row
MATCH (a:Entity {id: row.head})
MATCH (b:Entity {id: row.tail})
MERGE (a)-[r:COMPLEMENTS]->(b)
ON CREATE SET r.weight = row.probability
SET r.probability = row.probability,
    r.strength = row.strength,
    r.reason = row.reason,
    r.judge = row.judge,
    r.prompt = row.prompt,
    r.votes = row.votes,
    r.judged_at = row.judged_at
