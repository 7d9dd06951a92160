// Set which release the shop serves and how far it has followed the journal, when an export is restored
// params: {"rows": [{"id": "x", "release": "x", "watermark": 1}]}
UNWIND $rows AS row
MATCH (n:Shop {id: row.id})
SET n.release = row.release,
    n.watermark = row.watermark
