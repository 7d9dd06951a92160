// The shop that the graph belongs to
// params: {}
MATCH (n:Shop)
RETURN n.id AS id, n.dictionary AS dictionary, n.extractor AS extractor, n.clock AS clock, n.now AS now
