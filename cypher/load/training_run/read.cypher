// Training runs: when, on how much, with which settings and to which figures a model was trained
// params: {}
MATCH (n:TrainingRun)
RETURN n.id AS id, n.model AS model, n.samples AS samples, n.positives AS positives, n.edges AS edges, n.epochs AS epochs, n.loss AS loss, n.auc AS auc, n.prior_auc AS prior_auc, n.counters_auc AS counters_auc, n.ndcg AS ndcg, n.evidence_ndcg AS evidence_ndcg, n.calibration_error AS calibration_error, n.settings AS settings, n.started_at AS started_at, n.finished_at AS finished_at
