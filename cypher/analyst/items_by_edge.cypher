// Which items of an entity's complements its buyers are most likely to take
// params: {"entity": "tent", "limit": 20}
// share is the item's part of its entity's purchases, pull how many times that part it takes by this edge: 1 where no model
// says otherwise. chance is w(e, f, i), the weight times both; what recall offers of an entity are its items of rank 1 to 5.
MATCH (:Entity {id: $entity})-[c:COMPLEMENTS]->(f:Entity)-[o:OFFERS]->(i:Item)
WHERE i.available AND c.weight > 0
WITH c, f, o, i, coalesce(i.share, 0.0) AS share,
     coalesce([n IN range(0, size(coalesce(c.items, [])) - 1) WHERE c.items[n] = i.id | c.pulls[n]][0], 1.0) AS pull
RETURN f.id AS complement, i.id AS item, i.title AS title, o.rank AS rank, c.weight AS weight, share, pull,
       c.weight * CASE WHEN share * pull < 1 THEN share * pull ELSE 1.0 END AS chance
ORDER BY chance DESC, complement, rank
LIMIT toInteger($limit)
