// The complements that count most for entities of each popularity segment
// params: {"limit": 10}
// total is the sum of the weights of the edges from the segment's entities: how much of their demand goes there.
MATCH (e:Entity)-[c:COMPLEMENTS]->(f:Entity)
WITH e.segment AS segment, f, count(c) AS edges, sum(c.weight) AS total
ORDER BY total DESC, f.id
WITH segment, collect({entity: f.id, segment: f.segment, edges: edges, total: total})[0..toInteger($limit)] AS best
UNWIND best AS row
RETURN segment, row.entity AS complement, row.segment AS complement_segment, row.edges AS edges, row.total AS total
ORDER BY CASE segment WHEN 'head' THEN 1 WHEN 'middle' THEN 2 ELSE 3 END, total DESC, complement
