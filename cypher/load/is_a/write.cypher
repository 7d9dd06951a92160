// Link items to the entities that they are
// params: {"rows": [{"item": "x", "entity": "x", "confidence": 0.5, "main": true, "source": "x"}]}
UNWIND $rows AS row
MATCH (a:Item {id: row.item})
MATCH (b:Entity {id: row.entity})
MERGE (a)-[r:IS_A]->(b)
SET r.confidence = row.confidence,
    r.main = row.main,
    r.source = row.source
