// Write: shop state (an import's way; a run sets the two apart)
// params: {"rows": [{"id": "x", "release": "x", "watermark": 1}]}
UNWIND $rows AS row
MATCH (n:Shop {id: row.id})
SET n.release = row.release,
    n.watermark = row.watermark
