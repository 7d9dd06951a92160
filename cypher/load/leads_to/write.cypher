// Set what leads from one item to another
// params: {"rows": [{"item": "x", "next": "x", "pull": 0.5, "followed": 0.5, "preceded": 0.5, "cosine": 0.5, "title": 0.5, "kind": 0.5, "brand": 0.5, "shelf": 0.5, "rank": 1}]}
UNWIND $rows AS row
MATCH (a:Item {id: row.item})
MATCH (b:Item {id: row.next})
MERGE (a)-[r:LEADS_TO]->(b)
SET r.pull = row.pull,
    r.followed = row.followed,
    r.preceded = row.preceded,
    r.cosine = row.cosine,
    r.title = row.title,
    r.kind = row.kind,
    r.brand = row.brand,
    r.shelf = row.shelf,
    r.rank = row.rank
