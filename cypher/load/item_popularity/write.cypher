// Set how often items were bought, their rank among what is available, their appeal, and their share of their entity's purchases
// params: {"rows": [{"id": "x", "popularity": 1, "popularity_rank": 1, "appeal": 0.5, "share": 0.1}]}
UNWIND $rows AS row
MATCH (n:Item {id: row.id})
SET n.popularity = row.popularity,
    n.popularity_rank = row.popularity_rank,
    n.appeal = row.appeal,
    n.share = row.share
