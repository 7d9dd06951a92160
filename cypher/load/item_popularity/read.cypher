// How often each item was bought, its rank among what is available, its appeal on a log scale, its share of its entity's purchases
// params: {}
MATCH (n:Item)
RETURN n.id AS id, n.popularity AS popularity, n.popularity_rank AS popularity_rank, n.appeal AS appeal, n.share AS share
