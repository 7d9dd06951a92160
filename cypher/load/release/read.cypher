// Releases: which versions of dictionary, prompt, verdicts and weights belong together
// params: {}
MATCH (n:Release)
RETURN n.id AS id, n.dictionary AS dictionary, n.extractor AS extractor, n.prompt AS prompt, n.verdicts AS verdicts, n.weights AS weights, n.views AS views, n.ranker AS ranker, n.metrics AS metrics, n.created_at AS created_at
