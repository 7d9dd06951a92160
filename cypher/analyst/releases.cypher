// The history of releases, newest first: what each is made of, and which one is served
// params: {"limit": 20}
// edges counts the complementary edges whose weight comes from this release.
MATCH (r:Release)
OPTIONAL MATCH (s:Shop {release: r.id})
OPTIONAL MATCH (:Entity)-[c:COMPLEMENTS {release: r.id}]->(:Entity)
WITH r, s, count(c) AS edges
RETURN r.id AS release, toString(datetime({epochMillis: r.created_at})) AS created_at, s IS NOT NULL AS served, edges,
       r.dictionary AS dictionary, r.extractor AS extractor, r.prompt AS prompt, r.verdicts AS verdicts,
       r.weights AS weights, r.views AS views, r.ranker AS ranker, r.metrics AS metrics
ORDER BY created_at DESC, release
LIMIT toInteger($limit)
