// The judged edges between two sets of entities, in either direction
// params: {"sources": ["tent"], "targets": ["sleeping-mat"]}
MATCH (e:Entity)-[r:COMPLEMENTS|SUBSTITUTES]->(f:Entity)
WHERE (e.id IN $sources AND f.id IN $targets) OR (e.id IN $targets AND f.id IN $sources)
RETURN type(r) AS relation, e.id AS source, e.name AS source_name, f.id AS target, f.name AS target_name,
       r.weight AS weight, r.probability AS probability, r.reason AS reason, r.judge AS judge, r.release AS release
ORDER BY relation, source, target
