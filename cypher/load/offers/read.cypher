// Read: offers
// params: {}
MATCH (a:Entity)-[r:OFFERS]->(b:Item)
RETURN a.id AS entity, b.id AS item, r.rank AS rank
