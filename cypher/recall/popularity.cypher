// The most bought items that are available, not excluded and of no kind that is dropped
// params: {"exclude": ["i1"], "dropped": ["tent"], "limit": 20}
OPTIONAL MATCH (kind:Entity)<-[a:IS_A {main: true}]-(:Item)
WHERE kind.id IN $dropped
WITH count(a) AS fewer
MATCH (i:Item)
WHERE i.popularity_rank <= $limit + size($exclude) + fewer AND i.available AND NOT i.id IN $exclude
  AND (size($dropped) = 0 OR NOT EXISTS {
    MATCH (i)-[:IS_A {main: true}]->(own:Entity) WHERE own.id IN $dropped
  })
WITH i
ORDER BY i.popularity_rank
LIMIT $limit
// One row for all: each row of its own costs the server a message and the driver two reads.
RETURN collect([i.id, i.title, i.popularity]) AS popular
