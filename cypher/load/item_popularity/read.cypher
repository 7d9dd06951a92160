// Read: item popularity
// params: {}
MATCH (n:Item)
WHERE n.popularity IS NOT NULL
RETURN n.id AS id, n.popularity AS popularity, n.popularity_rank AS popularity_rank, n.appeal AS appeal
