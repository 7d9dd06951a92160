// No step counts as done any more
// params: {}
MATCH (n:Step)
DETACH DELETE n
