// How many complements each of these entities has
// params: {"entities": ["tent", "mat"]}
UNWIND $entities AS id
MATCH (e:Entity {id: id})
OPTIONAL MATCH (e)-[c:COMPLEMENTS]->(:Entity)
RETURN id AS entity, count(c) AS degree
