// Which entities each item is, how sure that is, and which one is its main one
// params: {}
MATCH (a:Item)-[r:IS_A]->(b:Entity)
RETURN a.id AS item, b.id AS entity, r.confidence AS confidence, r.main AS main, r.source AS source
