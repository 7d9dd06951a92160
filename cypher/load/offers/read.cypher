// The shortlist of each entity: its most popular available items by rank
// params: {}
MATCH (a:Entity)-[r:OFFERS]->(b:Item)
RETURN a.id AS entity, b.id AS item, r.rank AS rank
