// Set what training runs came to
// params: {"rows": [{"id": "x", "model": "edges", "samples": 1, "positives": 1, "edges": 1, "epochs": 1, "loss": 0.5, "auc": 0.5, "prior_auc": 0.5, "counters_auc": 0.5, "ndcg": 0.5, "evidence_ndcg": 0.5, "calibration_error": 0.5, "settings": "{}", "started_at": 1, "finished_at": 1}]}
UNWIND $rows AS row
MERGE (n:TrainingRun {id: row.id})
SET n.model = row.model,
    n.samples = row.samples,
    n.positives = row.positives,
    n.edges = row.edges,
    n.epochs = row.epochs,
    n.loss = row.loss,
    n.auc = row.auc,
    n.prior_auc = row.prior_auc,
    n.counters_auc = row.counters_auc,
    n.ndcg = row.ndcg,
    n.evidence_ndcg = row.evidence_ndcg,
    n.calibration_error = row.calibration_error,
    n.settings = row.settings,
    n.started_at = row.started_at,
    n.finished_at = row.finished_at
