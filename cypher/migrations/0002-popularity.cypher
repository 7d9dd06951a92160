// The popularity channel reads items in the order of their rank
// params: {}
CREATE INDEX item_popularity_rank IF NOT EXISTS FOR (n:Item) ON (n.popularity_rank);
