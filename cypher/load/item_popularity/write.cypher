// Set how often items were bought, their rank among what is available, and their appeal
// params: {"rows": [{"id": "x", "popularity": 1, "popularity_rank": 1, "appeal": 0.5}]}
UNWIND $rows AS row
MATCH (n:Item {id: row.id})
SET n.popularity = row.popularity,
    n.popularity_rank = row.popularity_rank,
    n.appeal = row.appeal
