// The most bought items that are available and not excluded
// params: {"exclude": ["i1"], "limit": 20}
MATCH (i:Item)
WHERE i.popularity_rank <= $limit + size($exclude) AND i.available AND NOT i.id IN $exclude
RETURN i.id AS item, i.title AS title, i.popularity AS popularity
ORDER BY i.popularity_rank
LIMIT $limit
