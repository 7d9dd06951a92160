// Take training runs out
// params: {"rows": [{"id": "x"}]}
UNWIND $rows AS row
MATCH (n:TrainingRun {id: row.id})
DETACH DELETE n
