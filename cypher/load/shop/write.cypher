// Set the shop's dictionary, extractor and clock
// params: {"rows": [{"id": "x", "dictionary": "x", "extractor": "x", "clock": "x", "now": 1}]}
UNWIND $rows AS row
MERGE (n:Shop {id: row.id})
SET n.dictionary = row.dictionary,
    n.extractor = row.extractor,
    n.clock = row.clock,
    n.now = row.now
