// Training runs, newest first: on how much each was trained, and what its model, the prior alone and counters alone are worth
// params: {"limit": 20}
// The three AUCs are on shoppers that the model did not learn from: 0.5 is a guess.
MATCH (t:TrainingRun)
RETURN t.id AS run, t.model AS model, toString(datetime({epochMillis: t.finished_at})) AS finished_at,
       (t.finished_at - t.started_at) / 1000.0 AS seconds, t.samples AS samples, t.positives AS positives,
       t.edges AS edges, t.epochs AS epochs, t.loss AS loss, t.auc AS auc, t.prior_auc AS prior_auc,
       t.counters_auc AS counters_auc, t.settings AS settings
ORDER BY finished_at DESC, run
LIMIT toInteger($limit)
