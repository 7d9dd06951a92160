// Set items as the catalogue gives them
// params: {"rows": [{"id": "x", "title": "x", "brand": "x", "category": "x", "price": 0.5, "created_at": 1, "available": true}]}
UNWIND $rows AS row
MERGE (n:Item {id: row.id})
SET n.title = row.title,
    n.brand = row.brand,
    n.category = row.category,
    n.price = row.price,
    n.created_at = row.created_at,
    n.available = row.available
