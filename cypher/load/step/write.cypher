// Note what steps of the run did, and from which inputs
// params: {"rows": [{"id": "x", "fingerprint": "x", "summary": "x", "finished_at": 1}]}
UNWIND $rows AS row
MERGE (n:Step {id: row.id})
SET n.fingerprint = row.fingerprint,
    n.summary = row.summary,
    n.finished_at = row.finished_at
