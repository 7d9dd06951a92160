// A picture: an entity, its strongest complements, its substitutes, and a few items of each
// params: {"entity": "tent", "complements": 8, "items": 1}
MATCH (e:Entity {id: $entity})
OPTIONAL MATCH pairs = (e)-[c:COMPLEMENTS|SUBSTITUTES]->(f:Entity)
WHERE type(c) = 'SUBSTITUTES' OR c.rank <= $complements
OPTIONAL MATCH offers = (f)-[o:OFFERS]->(:Item)
WHERE o.rank <= $items
RETURN e, pairs, offers
