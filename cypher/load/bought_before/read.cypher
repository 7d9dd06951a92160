// Which items were bought soon after another, strongest first by rank
// params: {}
MATCH (a:Item)-[r:BOUGHT_BEFORE]->(b:Item)
RETURN a.id AS item, b.id AS next, r.weight AS weight, r.rank AS rank
