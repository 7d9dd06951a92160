// Set the versions that releases name
// params: {"rows": [{"id": "x", "dictionary": "x", "extractor": "x", "prompt": "x", "verdicts": "x", "weights": "x", "views": "x", "ranker": "x", "metrics": "x", "created_at": 1}]}
UNWIND $rows AS row
MERGE (n:Release {id: row.id})
SET n.dictionary = row.dictionary,
    n.extractor = row.extractor,
    n.prompt = row.prompt,
    n.verdicts = row.verdicts,
    n.weights = row.weights,
    n.views = row.views,
    n.ranker = row.ranker,
    n.metrics = row.metrics,
    n.created_at = row.created_at
