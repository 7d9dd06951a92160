// The most bought items that are available and not excluded
// params: {"exclude": ["i1"], "limit": 20}
MATCH (i:Item)
WHERE i.popularity_rank <= $limit + size($exclude) AND i.available AND NOT i.id IN $exclude
WITH i
ORDER BY i.popularity_rank
LIMIT $limit
// One row for all: each row of its own costs the server a message and the driver two reads.
RETURN collect([i.id, i.title, i.popularity]) AS popular
