// Training runs are found by their id
// params: {}
CREATE CONSTRAINT training_run_id IF NOT EXISTS FOR (n:TrainingRun) REQUIRE n.id IS UNIQUE;
