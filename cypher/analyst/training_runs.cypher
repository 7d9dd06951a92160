// Training runs, newest first: on how much each was trained, and what its model and the simpler ones are worth
// params: {"limit": 20}
// AUCs, of edge weights: on samples that stopped the training, a tenth of the shoppers, or the latest tenth of the exposures by
// days. 0.5 is a guess. NDCG@10, of a ranker and of its evidence alone: on shoppers who did not teach, stop or calibrate it.
MATCH (t:TrainingRun)
RETURN t.id AS run, t.model AS model, toString(datetime({epochMillis: t.finished_at})) AS finished_at,
       (t.finished_at - t.started_at) / 1000.0 AS seconds, t.samples AS samples, t.positives AS positives,
       t.edges AS edges, t.epochs AS epochs, t.loss AS loss, t.auc AS auc, t.prior_auc AS prior_auc,
       t.counters_auc AS counters_auc, t.ndcg AS ndcg, t.evidence_ndcg AS evidence_ndcg,
       t.calibration_error AS calibration_error, t.settings AS settings
ORDER BY finished_at DESC, run
LIMIT toInteger($limit)
